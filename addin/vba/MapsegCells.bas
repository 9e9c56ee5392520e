Attribute VB_Name = "MapsegCells"
' What the cell functions' wrappers call. Python answers them (Windows only; on a Mac the workbook's own formulas of the
' same names do).
'
' WHAT PYTHON MUST OFFER: mapseg_xl.excel.udfs
'   A function of xlwings for each name, with the arguments of the wrapper and one more, `generation`, a number: the
'   same cells (workbook, sheet, address) under the same generation hold the same values, so they need to be read and
'   worked out only once. A number that never came before says: read them anew. Numbers never come back.
'   A text that begins with Chr(1) & "mapseg:" and an error's name stands for that error, also inside a table.
Option Explicit
Option Private Module

Private Const FUNCTIONS_MODULE As String = "mapseg_xl.excel.udfs"

Private lastNumber As Double
Private generation As Double
Private settled As Collection   ' ranges that are known to be calculated in this generation, by address
Private outOfOrder As Boolean   ' Python could not be started: not tried again for every cell
Private untold As String        ' what went wrong, to be told after the calculation

' Called by every wrapper: `arguments` as Excel handed them over.
Public Function CallFunction(ByVal name As String, ByVal arguments As Variant) As Variant
    CallFunction = CVErr(xlErrNA)
    #If Mac Then
    #Else
        If outOfOrder Then Exit Function
        Dim server As Object
        StartWatching
        On Error GoTo noPython
        Set server = PythonServer()
        On Error GoTo failed
        ' by value, all of it: Python's end of COM is not asked to follow references
        CallFunction = TrueErrors(server.CallUDF(FUNCTIONS_MODULE, (name), WithGeneration(arguments), Nothing, CallingCell()))
        Exit Function
noPython:
        outOfOrder = True
        untold = Told(Err.Number, Err.Description)
        Exit Function
failed:
        CallFunction = CVErr(xlErrValue)
    #End If
End Function

' Something changed, or a calculation is over: what was read before may no longer hold.
Public Sub NextGeneration()
    generation = NextNumber()
    Set settled = New Collection
End Sub

' Told once, after a calculation: a message for every cell would never end.
Public Sub TellWhatWentWrong()
    Dim message As String
    message = untold
    untold = ""
    If message <> "" Then Tell "The SEG_ formulas show #N/A because Python doesn't answer. " & message & _
        " When it is mended, Ctrl+Alt+F9 computes them anew."
End Sub

Public Sub TryAgain()
    outOfOrder = False
    untold = ""
    NextGeneration
End Sub

' Begins with the clock, so that numbers do not come back when VBA forgets its variables.
Private Function NextNumber() As Double
    If lastNumber = 0 Then lastNumber = Int(Now * 86400) * 1000#
    lastNumber = lastNumber + 1
    NextNumber = lastNumber
End Function

Public Function WithGeneration(ByVal arguments As Variant) As Variant
    Dim sent As Variant
    sent = arguments
    ReDim Preserve sent(LBound(arguments) To UBound(arguments) + 1)
    sent(UBound(sent)) = GenerationOf(arguments)
    WithGeneration = sent
End Function

Private Function GenerationOf(ByVal arguments As Variant) As Double
    Dim i As Long
    If generation = 0 Then NextGeneration
    GenerationOf = generation
    ' a macro that switched events off may change cells without our hearing of it
    If Not Application.EnableEvents Then GenerationOf = NextNumber()
    For i = LBound(arguments) To UBound(arguments)
        If TypeName(arguments(i)) = "Range" Then
            If Not IsSettled(arguments(i)) Then
                GenerationOf = NextNumber()
                Exit Function
            End If
        End If
    Next i
End Function

' Whether all cells of a range are calculated. Excel also calls functions of cells that wait for other formulas (those
' look empty then), and calls again later: what was read too early must not be kept.
Private Function IsSettled(ByVal cells As Object) As Boolean
    Dim address As String
    address = cells.Address(External:=True)
    If IsKnown(address) Then
        IsSettled = True
    ElseIf NothingWaits(cells) Then
        settled.Add True, address
        IsSettled = True
    End If
End Function

Private Function IsKnown(ByVal address As String) As Boolean
    On Error GoTo unknown
    IsKnown = settled.Item(address)
unknown:
End Function

Private Function NothingWaits(ByVal cells As Object) As Boolean
    Dim used As Object
    Dim area As Object
    NothingWaits = True
    Set used = Application.Intersect(cells, cells.Worksheet.UsedRange)
    If used Is Nothing Then Exit Function
    For Each area In used.Areas
        If HasFormulas(area) Then
            If HasEmptyCell(area.Value2) Then NothingWaits = False
        End If
    Next area
End Function

Private Function HasFormulas(ByVal area As Object) As Boolean
    Dim answer As Variant
    answer = area.HasFormula   ' Null: some have
    If IsNull(answer) Then
        HasFormulas = True
    Else
        HasFormulas = answer
    End If
End Function

Private Function HasEmptyCell(ByVal values As Variant) As Boolean
    Dim value As Variant
    If Not IsArray(values) Then
        HasEmptyCell = IsEmpty(values)
        Exit Function
    End If
    For Each value In values
        If IsEmpty(value) Then
            HasEmptyCell = True
            Exit Function
        End If
    Next value
End Function

Private Function CallingCell() As Object
    If TypeName(Application.Caller) = "Range" Then Set CallingCell = Application.Caller
End Function

' Marked texts of an answer made into Excel's errors.
Public Function TrueErrors(ByVal answer As Variant) As Variant
    Dim i As Long
    Dim j As Long
    If Not IsArray(answer) Then
        TrueErrors = TrueError(answer)
        Exit Function
    End If
    If HasColumns(answer) Then
        For i = LBound(answer, 1) To UBound(answer, 1)
            For j = LBound(answer, 2) To UBound(answer, 2)
                answer(i, j) = TrueError(answer(i, j))
            Next j
        Next i
    Else
        For i = LBound(answer) To UBound(answer)
            answer(i) = TrueError(answer(i))
        Next i
    End If
    TrueErrors = answer
End Function

Private Function HasColumns(ByVal answer As Variant) As Boolean
    Dim last As Long
    On Error GoTo oneRow
    last = UBound(answer, 2)
    HasColumns = True
oneRow:
End Function

Private Function TrueError(ByVal cell As Variant) As Variant
    Dim mark As String
    TrueError = cell
    If VarType(cell) <> vbString Then Exit Function
    mark = Chr$(1) & "mapseg:"
    If Left$(cell, Len(mark)) <> mark Then Exit Function
    Select Case Mid$(cell, Len(mark) + 1)
        Case "#N/A": TrueError = CVErr(xlErrNA)
        Case "#NUM!": TrueError = CVErr(xlErrNum)
        Case "#DIV/0!": TrueError = CVErr(xlErrDiv0)
        Case "#REF!": TrueError = CVErr(xlErrRef)
        Case "#NAME?": TrueError = CVErr(xlErrName)
        Case "#NULL!": TrueError = CVErr(xlErrNull)
        Case Else: TrueError = CVErr(xlErrValue)
    End Select
End Function
