Attribute VB_Name = "MapsegActions"
' What a click does before and after Python works: asks for files or names, says that it runs, lets it be stopped, and
' tells how it ended. The work itself is Python's: see the top of MapsegBridge for how the two speak.
'
' Python works while Excel stays alive. Esc stops a run, and so does a click on any of our buttons (it asks first).
' VBA keeps no more than "something runs": whether a run really goes on, only Python knows.
Option Explicit
Option Private Module

Private running As String    ' the label of the button whose run has not reported back; "" for none
Private workedOn As String   ' the name of the workbook of the last run
Private stopSign As String   ' the path that its request names: each window of Excel has a handle of its own

' ---- The buttons, in the order of the ribbon. Each has its Sub here and its callback in MapsegRibbon. ----

Public Sub PressAddFiles()
    Dim files As String
    If IsBusy() Then Exit Sub
    files = ChosenFiles()
    If files = "" Then Exit Sub
    If ActiveWorkbook Is Nothing Then
        If IsProtectedView() Then
            Tell NoWorkbookAdvice()
            Exit Sub
        End If
        Workbooks.Add
    End If
    Press "add_files", "Add files", files
End Sub

Public Sub PressCombine()
    PressOnWorkbook "combine", "Combine"
End Sub

Public Sub PressConfirmColumns()
    PressOnWorkbook "confirm_columns", "Confirm columns"
End Sub

Public Sub PressCheckData()
    PressOnWorkbook "check_data", "Check data"
End Sub

Public Sub PressCountCustomers()
    PressOnWorkbook "count_customers", "Count customers"
End Sub

Public Sub PressSuggestSegments()
    PressOnWorkbook "suggest_segments", "Suggest segments"
End Sub

Public Sub PressMySegments()
    PressOnWorkbook "my_segments", "My segments"
End Sub

Public Sub PressCompare()
    PressOnWorkbook "compare", "Compare"
End Sub

Public Sub PressWhatIf()
    PressOnWorkbook "what_if", "What if"
End Sub

Public Sub PressObjections()
    PressOnWorkbook "objections", "Objections"
End Sub

Public Sub PressTamScoring()
    PressOnWorkbook "tam_scoring", "TAM scoring"
End Sub

Public Sub PressRank()
    PressOnWorkbook "rank", "Rank"
End Sub

Public Sub PressRecordDecision()
    Dim names As Variant
    If Not HasWorkbook() Then Exit Sub
    names = Application.InputBox("Who decided? These names will stand on the tab Decision.", TITLE, Application.UserName, Type:=2)
    If VarType(names) = vbBoolean Then Exit Sub
    Press "record_decision", "Record decision", RequestLine("NAMES", CStr(names))
End Sub

Public Sub PressOnePagers()
    PressOnWorkbook "one_pagers", "One-pagers"
End Sub

Public Sub PressSlides()
    PressAndSave "slides", "Slides", "-segments.pptx", "PowerPoint (*.pptx),*.pptx"
End Sub

Public Sub PressExport()
    PressAndSave "export", "Export", "-segmentation.xlsx", "Excel workbook (*.xlsx),*.xlsx"
End Sub

Public Sub PressRollOut()
    PressOnWorkbook "roll_out", "Roll-out"
End Sub

Public Sub PressCustomerLists()
    PressAndSave "customer_lists", "Customer lists", "-customer-lists.xlsx", "Excel workbook (*.xlsx),*.xlsx"
End Sub

Public Sub PressRunAll()
    PressOnWorkbook "run_all", "Run all"
End Sub

Public Sub PressRefresh()
    PressOnWorkbook "refresh", "Refresh"
End Sub

Public Sub PressUndoLastRun()
    PressOnWorkbook "undo_last_run", "Undo last run"
End Sub

Public Sub PressTryTheSample()
    If Not IsBusy() Then Press "try_the_sample", "Try the sample", ""
End Sub

Public Sub PressFunctions()
    If Not IsBusy() Then Press "functions", "Functions", ""
End Sub

Public Sub PressCheckInstallation()
    If Not IsBusy() Then Press "check_installation", "Check installation", MapsegFacts()
End Sub

' ---- What they share ----

Private Sub PressOnWorkbook(ByVal action As String, ByVal label As String)
    If HasWorkbook() Then Press action, label, ""
End Sub

Private Sub PressAndSave(ByVal action As String, ByVal label As String, ByVal ending As String, ByVal filter As String)
    Dim target As String
    If Not HasWorkbook() Then Exit Sub
    target = ChosenTarget(Stem(ActiveWorkbook.Name) & ending, filter, label)
    If target <> "" Then Press action, label, RequestLine("SAVE", target)
End Sub

' Hands the work to Python. Python may report back before this ends.
Private Sub Press(ByVal action As String, ByVal label As String, ByVal more As String)
    Dim problem As String
    Application.EnableCancelKey = xlDisabled   ' Esc is for the run; while Python starts, it would break off this very code
    TryAgain
    stopSign = StopPath()
    ForgetTheLastStop
    running = label
    ShowRunning label & " ... Esc stops it."
    problem = RunAction(action, RequestFor(more))
    If problem <> "" Then
        NothingRuns
        Tell problem
    Else
        WatchTheStart
    End If
End Sub

Private Function RequestFor(ByVal more As String) As String
    Dim book As String
    If Not ActiveWorkbook Is Nothing Then book = ActiveWorkbook.Name
    workedOn = book
    RequestFor = RequestLine("BOOK", book) & RequestLine("HOST", ThisWorkbook.Name) & _
        RequestLine("WINDOW", WindowHandle()) & RequestLine("STOP", stopSign) & more
End Function

Public Function RequestLine(ByVal key As String, ByVal value As String) As String
    RequestLine = key & "=" & Replace(Replace(value, vbCr, " "), vbLf, " ") & vbLf
End Function

' True, after asking whether to stop it, while a run has not reported back.
Private Function IsBusy() As Boolean
    If running = "" Then Exit Function
    IsBusy = True
    If Ask(running & " is still being worked on. Stop it?") Then StopTheRun
End Function

Private Function HasWorkbook() As Boolean
    If IsBusy() Then Exit Function
    If ActiveWorkbook Is Nothing Then
        Tell NoWorkbookAdvice()
    Else
        HasWorkbook = True
    End If
End Function

Private Function NoWorkbookAdvice() As String
    NoWorkbookAdvice = "No workbook is open. Open the workbook with your customers, or click Add files to begin with exports."
    If IsProtectedView() Then NoWorkbookAdvice = "This workbook is open for reading only (Protected View). Click Enable Editing in the yellow bar, then try again."
End Function

Private Function IsProtectedView() As Boolean
    #If Mac Then
    #Else
        On Error Resume Next
        IsProtectedView = Not (Application.ActiveProtectedViewWindow Is Nothing)
    #End If
End Function

' ---- Stopping, progress, the end ----

' Asks the run to end at its next resting place. Another click then starts anew, even if Python is gone.
Public Sub StopTheRun()
    Dim file As Integer
    If running = "" Then
        FreeTheEscapeKey   ' VBA was reset during a run, and the key is still ours
        Exit Sub
    End If
    On Error GoTo notWritten
    file = FreeFile
    Open stopSign For Output As #file
    Close #file
    NothingRuns
    ShowRunning "stopping ..."
    Exit Sub
notWritten:
    Tell "The run can't be stopped: " & stopSign & " can't be written. Wait until it ends."
End Sub

Private Sub ForgetTheLastStop()
    On Error Resume Next
    Kill stopSign
End Sub

Public Sub ShowProgress(ByVal text As String)
    ShowRunning text
End Sub

' The end of a run, told by Python. The undo entry comes last: Excel forgets it with every later change of a macro.
Public Sub EndTheRun(ByVal report As String)
    Dim message As String
    NothingRuns
    NextGeneration
    message = Replace(Field(report, "MESSAGE"), vbCr, vbCrLf)
    If message <> "" Then Tell message
    #If Mac Then
    #Else
        If Field(report, "UNDO") = "1" Then Application.OnUndo "Undo last run", HostMacro("MapsegUndoNow")
    #End If
End Sub

' Excel has one Undo for all workbooks: the run may have been in another than the one in front.
Public Sub UndoTheRun()
    Dim book As Object
    On Error Resume Next
    Set book = Workbooks.Item(workedOn)
    On Error GoTo 0
    If Not book Is Nothing Then
        book.Activate
        PressUndoLastRun
    ElseIf workedOn <> "" Then
        Tell workedOn & " isn't open any more. Open it and press Undo last run."
    Else
        PressUndoLastRun
    End If
End Sub

Private Sub NothingRuns()
    running = ""
    Application.StatusBar = False
    FreeTheEscapeKey
End Sub

Private Sub ShowRunning(ByVal text As String)
    Application.StatusBar = TITLE & ": " & text
    If running <> "" Then Application.OnKey "{ESC}", HostMacro("MapsegStop")
End Sub

Public Sub FreeTheEscapeKey()
    Application.OnKey "{ESC}"
End Sub

' On a Mac nothing tells at once that Python could not start: looked for a little later.
Private Sub WatchTheStart()
    #If Mac Then
        If running <> "" Then Application.OnTime Now + TimeSerial(0, 0, 5), HostMacro("MapsegLookAtStart")
    #End If
End Sub

Public Sub LookAtStart()
    #If Mac Then
        Dim problem As String
        problem = LoggedProblem()
        If running = "" Or problem = "" Then Exit Sub
        NothingRuns
        Tell problem
    #End If
End Sub

' ---- Asking for files ----

' Lines FILE=... for each file chosen; "" when nothing was.
Private Function ChosenFiles() As String
    Dim chosen As Variant
    Dim i As Long
    #If Mac Then
        chosen = Application.GetOpenFilename(Title:="Add files", MultiSelect:=True)
    #Else
        chosen = Application.GetOpenFilename("Exports and workbooks,*.xlsx;*.xlsm;*.xls;*.xlsb;*.ods;*.csv;*.parquet", 1, "Add files", , True)
    #End If
    If IsArray(chosen) Then
        For i = LBound(chosen) To UBound(chosen)
            ChosenFiles = ChosenFiles & RequestLine("FILE", CStr(chosen(i)))
        Next i
    ElseIf VarType(chosen) = vbString Then
        ChosenFiles = RequestLine("FILE", CStr(chosen))
    End If
End Function

' Where to save; "" when nothing was chosen. Python refuses a file there that is not ours.
Private Function ChosenTarget(ByVal proposed As String, ByVal filter As String, ByVal title As String) As String
    Dim chosen As Variant
    #If Mac Then
        chosen = Application.GetSaveAsFilename(proposed)
    #Else
        chosen = Application.GetSaveAsFilename(proposed, filter, 1, title)
    #End If
    If VarType(chosen) = vbString Then ChosenTarget = chosen
End Function

' The name of a workbook without its ending.
Private Function Stem(ByVal name As String) As String
    Stem = name
    If InStrRev(name, ".") > 1 Then Stem = Left$(name, InStrRev(name, ".") - 1)
End Function

' ---- What only Excel knows ----

Private Function StopPath() As String
    #If Mac Then
        StopPath = Environ("HOME") & "/mapseg/stop"
    #Else
        StopPath = Environ("TEMP") & "\mapseg-stop-" & WindowHandle()
    #End If
End Function

Private Function WindowHandle() As String
    #If Mac Then
    #Else
        WindowHandle = CStr(Application.Hwnd)
    #End If
End Function

' Lines for the report of Check installation.
Public Function MapsegFacts() As String
    Dim bits As String
    #If Win64 Then
        bits = "64"
    #ElseIf Mac Then
        bits = "64"
    #Else
        bits = "32"
    #End If
    MapsegFacts = RequestLine("EXCEL", Application.Version) & RequestLine("BITS", bits) & _
        RequestLine("SYSTEM", Application.OperatingSystem) & RequestLine("STARTUP", Application.StartupPath) & _
        RequestLine("ADDIN", ThisWorkbook.FullName) & RequestLine("SETTINGS", SettingsPath()) & _
        RequestLine("BUILT_FOR_XLWINGS", XLWINGS_BUILT_FOR) & RequestLine("BUILT_FOR_MAPSEG", MAPSEG_BUILT_FOR) & _
        RequestLine("HEARS_EVENTS", IIf(IsWatching(), "True", "False"))
End Function
