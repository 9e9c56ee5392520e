Attribute VB_Name = "MapsegSettings"
' Reads the settings that `mapseg addin install` wrote, from one file of this user and from nowhere else: no workbook,
' no folder of a workbook and no environment of a workbook can change which Python is started.
'
' Windows: %APPDATA%\mapseg\addin.conf
' macOS:   ~/Library/Containers/com.microsoft.Excel/Data/mapseg/addin.conf (HOME, as Excel sees it in its sandbox)
' UTF-8, one KEY=VALUE a line, lines that begin with # are remarks. Keys:
'   PYTHON   the interpreter, a full path
'   PREFIX   the folder that pip installed into; on Windows the library of xlwings lies in it
'   XLWINGS  the version of xlwings installed there: must be the one that this add-in was built for
'   MAPSEG   the version of mapseg that wrote the file
Option Explicit
Option Private Module

Public Const XLWINGS_BUILT_FOR As String = "{{XLWINGS_VERSION}}"
Public Const MAPSEG_BUILT_FOR As String = "{{MAPSEG_VERSION}}"
#If Mac Then
    Public Const MAPSEG_COMMAND As String = "python3 -m mapseg_xl"
#Else
    Public Const MAPSEG_COMMAND As String = "py -m mapseg_xl"
#End If
Public Const INSTALL_ADVICE As String = "In a terminal run: " & MAPSEG_COMMAND & " addin install. Then restart Excel."
Public Const DOCTOR_ADVICE As String = "In a terminal run: " & MAPSEG_COMMAND & " doctor. It says what to mend."

' The value of a key; "" where there is none.
Public Function Setting(ByVal key As String) As String
    Dim lines() As String
    Dim i As Long
    lines = Split(Replace(SettingsText(), vbCr, ""), vbLf)
    For i = LBound(lines) To UBound(lines)
        If Left$(lines(i), Len(key) + 1) = key & "=" Then Setting = Trim$(Mid$(lines(i), Len(key) + 2))
    Next i
End Function

Public Function SettingsPath() As String
    #If Mac Then
        SettingsPath = Environ("HOME") & "/mapseg/addin.conf"
    #Else
        SettingsPath = Environ("APPDATA") & "\mapseg\addin.conf"
    #End If
End Function

' What stands in the way of starting Python, in one sentence with what to do; "" where nothing does.
Public Function SettingsProblem() As String
    If InStr(SettingsPath(), "?") > 0 Then   ' VBA's sign for a letter that it cannot read
        SettingsProblem = "Excel's macros can't read the name of the folder " & SettingsPath() & _
            ": your user name has letters of another language than this computer's. Work as another user, or with mapseg run."
    ElseIf SettingsText() = "" Then
        SettingsProblem = "The add-in doesn't know where Python is: " & SettingsPath() & " is missing. " & INSTALL_ADVICE
    ElseIf Setting("PYTHON") = "" Or Setting("PREFIX") = "" Then
        SettingsProblem = SettingsPath() & " names no Python. " & INSTALL_ADVICE
    ElseIf Setting("XLWINGS") <> XLWINGS_BUILT_FOR Then
        SettingsProblem = IIf(ThisWorkbook.IsAddin, "The add-in", ThisWorkbook.Name) & " was made for xlwings " & _
            XLWINGS_BUILT_FOR & ", and version " & Setting("XLWINGS") & " is installed. " & OtherVersionAdvice()
    End If
End Function

' A workbook keeps the macros it was made with: without them, the add-in works on it.
Private Function OtherVersionAdvice() As String
    OtherVersionAdvice = INSTALL_ADVICE
    If Not ThisWorkbook.IsAddin Then OtherVersionAdvice = "Save it without macros (.xlsx), close it and open that: the add-in then does its work."
End Function

Private Function SettingsText() As String
    Dim bytes() As Byte
    Dim file As Integer
    Dim isOpen As Boolean
    On Error GoTo missing
    file = FreeFile
    Open SettingsPath() For Binary Access Read As #file
    isOpen = True
    If LOF(file) > 0 Then
        ReDim bytes(0 To LOF(file) - 1)
        Get #file, 1, bytes
        SettingsText = FromUtf8(bytes)
    End If
    Close #file
    Exit Function
missing:
    If isOpen Then Close #file
    SettingsText = ""
End Function

' Text of UTF-8 bytes: VBA itself reads only the code page of the computer.
Public Function FromUtf8(ByRef bytes() As Byte) As String
    Dim i As Long
    Dim code As Long
    Dim more As Long
    i = LBound(bytes)
    Do While i <= UBound(bytes)
        code = bytes(i)
        more = 0
        If code >= &HF0 Then
            code = code And &H7: more = 3
        ElseIf code >= &HE0 Then
            code = code And &HF: more = 2
        ElseIf code >= &HC0 Then
            code = code And &H1F: more = 1
        End If
        i = i + 1
        Do While more > 0 And i <= UBound(bytes)
            code = code * 64 + (bytes(i) And &H3F)
            i = i + 1
            more = more - 1
        Loop
        FromUtf8 = FromUtf8 & Character(code)
    Loop
End Function

Private Function Character(ByVal code As Long) As String
    Dim rest As Long
    If code < 65536 Then
        Character = ChrW(code)
    Else
        rest = code - 65536
        Character = ChrW(55296 + rest \ 1024) & ChrW(56320 + (rest Mod 1024))
    End If
End Function
