Attribute VB_Name = "MapsegBridge"
' The way from Excel to Python and back. Nothing of a workbook takes part in starting Python: not its sheets, not its
' folder, and the current folder is kept off Python's path (-P).
'
' WHAT PYTHON MUST OFFER: mapseg_xl.excel.ribbon
'   press(action, request)   does the work of a button and ends with the macro MapsegFinished, whatever happens.
'                            `action`: Button.id. macOS: runs in a process of its own, in the background.
'   start(action, request, excel)   Windows: press() in a thread of its own, with its own COM apartment; returns at
'                            once "" or a sentence that says why not (a run is still going on). So Excel stays alive:
'                            while VBA waits for another program, Excel nags after seconds and breaks off after 90.
'                            `excel`: our Application, so that it is found with no workbook open and among several.
' `request` is hexadecimal, four digits a character (UTF-16, big end first):
'   bytes.fromhex(request).decode("utf-16-be") gives lines KEY=VALUE, ended by a line feed. So no file name or answer
'   can become code. Keys: BOOK (name of the active workbook, "" if there is none), HOST (workbook that holds this VBA:
'   macros are called as 'HOST'!Name, apostrophes in HOST doubled), WINDOW (Excel's window handle, Windows only),
'   STOP (path: once this file is there, the user wants to stop; look from time to time, Python removes it),
'   FILE (Add files, once a file), SAVE (where to save), NAMES (Record decision), and the facts of MapsegFacts
'   (Check installation).
' WHAT PYTHON MAY CALL
'   MapsegFinished(report)   last, always. Same coding; keys: MESSAGE (shown if not empty; line breaks as vbCr),
'                            UNDO=1 (offers "Undo last run" in Excel's own Undo, Windows).
'   MapsegProgress(text)     same coding, no keys: text for the status bar.
'
' WHAT PYTHON MUST OFFER FOR CELLS: mapseg_xl.excel.udfs, see MapsegCells.
Option Explicit
Option Private Module

Private Const RIBBON_MODULE As String = "mapseg_xl.excel.ribbon"
Public Const TITLE As String = "MAP Segmentation"
Private Const OUR_OWN As Long = 1000   ' the number of errors whose text is ours: said as it is

#If Mac Then
#Else
    ' VBA7 is every Excel since 2010; older ones are not supported.
    #If Win64 Then
        Private Declare PtrSafe Function ActivatePython Lib "xlwings64-{{XLWINGS_VERSION}}.dll" Alias "XLPyDLLActivateAuto" (ByRef result As Variant, Optional ByVal command As String = "", Optional ByVal mode As Long = 1) As Long
        Private Const LIBRARY_NAME As String = "xlwings64-{{XLWINGS_VERSION}}.dll"
    #Else
        Private Declare PtrSafe Function ActivatePython Lib "xlwings32-{{XLWINGS_VERSION}}.dll" Alias "XLPyDLLActivateAuto" (ByRef result As Variant, Optional ByVal command As String = "", Optional ByVal mode As Long = 1) As Long
        Private Const LIBRARY_NAME As String = "xlwings32-{{XLWINGS_VERSION}}.dll"
    #End If
    Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal path As LongPtr) As LongPtr
    Private Declare PtrSafe Function GetFileAttributesW Lib "kernel32" (ByVal path As LongPtr) As Long
    Private Declare PtrSafe Function MessageBoxW Lib "user32" (ByVal window As LongPtr, ByVal text As LongPtr, ByVal caption As LongPtr, ByVal style As Long) As Long
    Private serverCommand As String
#End If

' Asks Python to do the work of a button. "" if it does, else a sentence that says why not and what to do.
Public Function RunAction(ByVal action As String, ByVal request As String) As String
    RunAction = SettingsProblem()
    If RunAction <> "" Then Exit Function
    On Error GoTo failed
    #If Mac Then
        RunAction = RunInBackground(action, Encoded(request))
    #Else
        Dim server As Object
        ForgetServer
        Set server = PythonServer()
        RunAction = server.Str(server.Call(server.Module(RIBBON_MODULE), "start", server.Tuple((action), Encoded(request), Application)))
    #End If
    Exit Function
failed:
    RunAction = Told(Err.Number, Err.Description)
End Function

' A request or report as hexadecimal digits, and back.
Public Function Encoded(ByVal text As String) As String
    Dim i As Long
    Dim parts() As String
    If text = "" Then Exit Function
    ReDim parts(1 To Len(text))
    For i = 1 To Len(text)
        parts(i) = Right$("000" & Hex$(AscW(Mid$(text, i, 1))), 4)
    Next i
    Encoded = Join(parts, "")
End Function

Public Function Decoded(ByVal digits As String) As String
    Dim i As Long
    Dim parts() As String
    If Len(digits) < 4 Then Exit Function
    ReDim parts(1 To Len(digits) \ 4)
    For i = 1 To UBound(parts)
        parts(i) = ChrW(CLng("&H" & Mid$(digits, 4 * i - 3, 4)))
    Next i
    Decoded = Join(parts, "")
End Function

' The value of a key in lines KEY=VALUE.
Public Function Field(ByVal text As String, ByVal key As String) As String
    Dim start As Long
    Dim last As Long
    start = InStr(vbLf & text, vbLf & key & "=")
    If start = 0 Then Exit Function
    start = start + Len(key) + 1
    last = InStr(start, text & vbLf, vbLf)
    Field = Mid$(text, start, last - start)
End Function

' A macro of this workbook as Excel finds it whatever other add-ins are called.
Public Function HostMacro(ByVal name As String) As String
    HostMacro = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & name
End Function

' What an error says to a person: ours as it is, others in their last line.
Public Function Told(ByVal number As Long, ByVal description As String) As String
    If number = OUR_OWN Then
        Told = description
    Else
        Told = PlainWords(description)
    End If
End Function

' The library of xlwings says in its first line that Python did not start, and in a line below what Windows said.
Public Function NotStarted(ByVal description As String) As String
    Const WINDOWS_SAID As String = "Error message: "
    Dim lines() As String
    Dim i As Long
    Dim why As String
    lines = Split(Replace(description, vbCr, "") & vbLf, vbLf)
    For i = LBound(lines) To UBound(lines)
        If Left$(lines(i), Len(WINDOWS_SAID)) = WINDOWS_SAID Then why = " " & Trim$(Mid$(lines(i), Len(WINDOWS_SAID) + 1))
    Next i
    NotStarted = "Python didn't start: " & lines(0) & why & " A security program may block it. " & DOCTOR_ADVICE
End Function

' What Python's error says, without its traceback.
Public Function PlainWords(ByVal description As String) As String
    Dim said As String
    said = ErrorLine(description)
    If InStr(said, "ModuleNotFoundError") > 0 Then
        PlainWords = "Python is there, but a part of mapseg isn't (" & said & "). " & _
            "Install mapseg again (README, Install it in Excel), then restart Excel."
    Else
        PlainWords = "Python couldn't be asked: " & said & " " & DOCTOR_ADVICE
    End If
End Function

' The last line of a traceback; the first where the library of xlwings turned it upside down, the places below.
Private Function ErrorLine(ByVal description As String) As String
    Dim lines() As String
    Dim i As Long
    Dim first As String
    lines = Split(Replace(description, vbCr, ""), vbLf)
    For i = LBound(lines) To UBound(lines)
        If Trim$(lines(i)) <> "" Then
            ErrorLine = Trim$(lines(i))
            If first = "" Then first = ErrorLine
        End If
    Next i
    If Left$(ErrorLine, 6) = "File " & Chr$(34) Then ErrorLine = first
End Function

#If Mac Then
Public Sub Tell(ByVal message As String)
    MsgBox message, vbInformation, TITLE
End Sub

Public Function Ask(ByVal question As String) As Boolean
    Ask = (MsgBox(question, vbYesNo + vbQuestion, TITLE) = vbYes)
End Function

' Only a script in a folder that Excel cannot write may start programs for it: xlwings' own, put there by the
' installation. It starts Python in the background and returns at once. Its six fields are divided by "|".
Private Function RunInBackground(ByVal action As String, ByVal coded As String) As String
    Dim python As String
    Dim fields As String
    Dim answer As String
    python = Setting("PYTHON")
    If InStr(python, "|") > 0 Then
        RunInBackground = "The path of Python has a | in it: " & python & ". Install Python elsewhere. " & INSTALL_ADVICE
        Exit Function
    End If
    ClearLog
    fields = "false;;;;;" & "|'" & Replace(python, "'", "'\''") & "' -P" & _
        "|import " & RIBBON_MODULE & " as ribbon; ribbon.press('" & action & "', '" & coded & "')" & _
        "|-|-|" & LogPath()
    On Error GoTo noScript
    answer = AppleScriptTask("xlwings-" & XLWINGS_BUILT_FOR & ".applescript", "VbaHandler", fields)
    If answer = "1" Then RunInBackground = "macOS refused to start " & python & ". " & DOCTOR_ADVICE
    Exit Function
noScript:
    RunInBackground = "Excel may not start Python yet. " & INSTALL_ADVICE
End Function

Public Function LogPath() As String
    LogPath = Environ("HOME") & "/mapseg/python.log"
End Function

Private Sub ClearLog()
    On Error Resume Next
    Kill LogPath()
End Sub

' What Python or the shell said when it could not even start; "" where all is well.
Public Function LoggedProblem() As String
    Dim file As Integer
    Dim part As String
    Dim text As String
    On Error GoTo nothingLogged
    file = FreeFile
    Open LogPath() For Input As #file
    Do While Not EOF(file)
        Line Input #file, part
        text = text & part & vbLf
    Loop
    Close #file
    If Trim$(Replace(text, vbLf, "")) <> "" Then LoggedProblem = PlainWords(text)
nothingLogged:
End Function
#Else
' Message boxes that show every letter: VBA's own MsgBox knows only those of the computer's code page.
Public Sub Tell(ByVal message As String)
    MessageBoxW Application.Hwnd, StrPtr(message), StrPtr(TITLE), vbInformation
End Sub

Public Function Ask(ByVal question As String) As Boolean
    Ask = (MessageBoxW(Application.Hwnd, StrPtr(question), StrPtr(TITLE), vbYesNo + vbQuestion) = vbYes)
End Function

' The Python process that answers cells and buttons; started the first time, ended by the library with Excel.
Public Function PythonServer() As Object
    Dim answer As Variant
    If serverCommand = "" Then
        If SettingsProblem() <> "" Then Err.Raise OUR_OWN, TITLE, SettingsProblem()
        LoadLibraryOfXlwings
        serverCommand = CommandThatServes(Setting("PYTHON"))
    End If
    If ActivatePython(answer, serverCommand, 1) <> 0 Then Err.Raise OUR_OWN, TITLE, NotStarted(CStr(answer))
    Set PythonServer = answer
End Function

' Settings may have changed: the next call reads them anew. A running process stays.
Public Sub ForgetServer()
    serverCommand = ""
End Sub

Public Function CommandThatServes(ByVal python As String) As String
    If Not FileExists(python) Then
        Err.Raise OUR_OWN, TITLE, python & " isn't there any more. " & INSTALL_ADVICE
    ElseIf StrConv(StrConv(python, vbFromUnicode), vbUnicode) <> python Then
        Err.Raise OUR_OWN, TITLE, python & " has letters that Excel can't pass on. Install Python in a folder with plain letters. " & INSTALL_ADVICE
    End If
    ' xlwings would end every Excel without an open window when Python ends: taken out before anything runs.
    CommandThatServes = """" & python & """ -B -P -c ""import atexit, xlwings; " & _
        "atexit.unregister(xlwings._xlwindows.cleanup); xlwings.serve('$(CLSID)')"""
End Function

' By its full path: without it, Windows would look into the current folder too.
Private Sub LoadLibraryOfXlwings()
    Dim path As String
    path = Setting("PREFIX") & "\" & LIBRARY_NAME
    If Not FileExists(path) Then
        Err.Raise OUR_OWN, TITLE, path & " is missing. In a terminal run: py -m pip install --force-reinstall xlwings==" & XLWINGS_BUILT_FOR & _
            ", then: " & MAPSEG_COMMAND & " addin install. Then restart Excel."
    ElseIf LoadLibraryW(StrPtr(path)) = 0 Then
        Err.Raise OUR_OWN, TITLE, path & " can't be loaded: a security program may block it. Show this line to your IT."
    End If
End Sub

Public Function FileExists(ByVal path As String) As Boolean
    FileExists = (GetFileAttributesW(StrPtr(path)) <> -1)
End Function
#End If
