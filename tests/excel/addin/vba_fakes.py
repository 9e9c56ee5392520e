"""Excel's objects and Python's end, played by modules of Basic, so that our VBA runs where there is neither.

Everything that would leave VBA is written down in `Said`, a line each, and `Plan` holds what the fakes answer.
"""

from __future__ import annotations

import re

from tests.calc.office import Office
from tests.excel.addin.vba_office import Basic, basic
from tests.excel.addin.vba_text import WINDOWS_64, modules, resolved

# A class `Application` as far as we use it. Arguments without a name here are not looked at.
_APPLICATION = """
Option ClassModule
Public UserName As String
Public Hwnd As Long
Public EnableEvents As Boolean
Public EnableCancelKey As Long
Public Caller As Variant
Public Version As String
Public OperatingSystem As String
Public StartupPath As String
Public ActiveProtectedViewWindow As Object
Private shown As Variant

Public Property Let StatusBar(ByVal value As Variant)
    shown = value
    Say "status " & CStr(value)
End Property

Public Property Get StatusBar() As Variant
    StatusBar = shown
End Property

Public Sub OnKey(ByVal key As String, Optional ByVal macro As String)
    Say "key " & key & " " & macro
End Sub

Public Sub OnUndo(ByVal text As String, ByVal macro As String)
    Say "undo " & text & " " & macro
End Sub

Public Sub OnTime(ByVal moment As Date, ByVal macro As String)
    Say "later " & macro
End Sub

Public Function InputBox(ByVal prompt As String, Optional title, Optional default, Optional Kind)
    Say "input " & prompt & " " & default
    InputBox = Answer("input")
End Function

Public Function GetOpenFilename(Optional filter, Optional index, Optional Title, Optional button, Optional MultiSelect)
    Say "open " & MultiSelect
    GetOpenFilename = Answer("open")
End Function

Public Function GetSaveAsFilename(Optional proposed, Optional filter, Optional index, Optional title)
    Say "save " & proposed
    GetSaveAsFilename = Answer("save")
End Function

Public Function Intersect(ByVal one As Object, ByVal other As Object) As Object
    Set Intersect = one
End Function
"""

_BOOK = """
Option ClassModule
Public Name As String
Public FullName As String
Public IsAddin As Boolean

Public Sub Activate()
    OpenWorkbook Name
End Sub
"""

_BOOKS = """
Option ClassModule
Public Sub Add()
    Say "new workbook"
    OpenWorkbook "Book1"
End Sub

Public Function Item(ByVal name As String) As Object
    If Answer("open " & name) <> "yes" Then Exit Function
    Set Item = New FakeBook
    Item.Name = name
End Function
"""

# A range: its cells, all of which have a formula, or some (Null), or none.
_RANGE = """
Option ClassModule
Public Text As String
Public HasFormula As Variant
Public Value2 As Variant

Public Function Address(Optional External As Variant) As String
    Address = Text
End Function

Public Property Get Worksheet() As Object
    Set Worksheet = Me
End Property

Public Property Get UsedRange() As Object
    Set UsedRange = Me
End Property

Public Property Get Areas() As Object
    Dim all As New Collection
    all.Add Me
    Set Areas = all
End Property
"""

_SERVER = """
Option ClassModule
Public Function Module(ByVal name As String) As String
    Module = name
End Function

Public Function Tuple(ByVal one As String, ByVal two As String, ByVal excel As Object) As String
    Tuple = one & " " & two & " " & excel.UserName
End Function

Public Function CallIt(ByVal module_ As String, ByVal name As String, ByVal arguments As String) As String
    Say "python " & module_ & "." & name & " " & arguments
    If Answer("start fails") <> "" Then Err.Raise 1001, "Python", Answer("start fails")
    CallIt = Answer("start")
End Function

Public Function Str(ByVal value As Variant) As String
    Str = value
End Function

Public Function CallUDF(ByVal script As String, ByVal name As String, ByVal arguments As Variant, book, caller)
    Dim i As Long
    Dim text As String
    For i = LBound(arguments) To UBound(arguments)
        text = text & "|" & InWords(arguments(i))
    Next i
    Say "udf " & script & " " & name & text
    If Answer("udf fails") = "yes" Then Err.Raise 1001, "Python", "Traceback" & Chr$(10) & "ZeroDivisionError: x"
    CallUDF = Answer("udf")
End Function
"""

_WORLD = """
Public Application As Object
Public ActiveWorkbook As Object
Public ThisWorkbook As Object
Public Workbooks As Object
Public said As String
Private questions(1 To 20) As String
Private answers(1 To 20) As Variant
Private planned As Long

Public Sub SetUp()
    said = ""
    planned = 0
    Set Application = New ExcelItself
    Application.UserName = "Ann"
    Application.Hwnd = 4711
    Application.EnableEvents = True
    Application.Version = "16.0"
    Application.OperatingSystem = "Windows"
    Application.StartupPath = "C:\\start"
    Set ThisWorkbook = New FakeBook
    ThisWorkbook.Name = "mapseg's.xlam"
    ThisWorkbook.FullName = "C:\\start\\mapseg's.xlam"
    ThisWorkbook.IsAddin = True
    Set Workbooks = New FakeBooks
    Set ActiveWorkbook = Nothing
End Sub

Public Sub OpenWorkbook(ByVal name As String)
    Set ActiveWorkbook = New FakeBook
    ActiveWorkbook.Name = name
End Sub

Public Sub Plan(ByVal question As String, ByVal value As Variant)
    planned = planned + 1
    questions(planned) = question
    answers(planned) = value
End Sub

' The last plan for a question; "" without any.
Public Function Answer(ByVal question As String) As Variant
    Dim i As Long
    Answer = ""
    For i = 1 To planned
        If questions(i) = question Then Answer = answers(i)
    Next i
End Function

Public Sub Say(ByVal text As String)
    said = said & Replace(text, Chr$(10), "\\n") & Chr$(10)
End Sub

Public Function KindOf(Optional value As Variant) As String
    KindOf = "Error"
    If IsMissing(value) Then Exit Function
    KindOf = TypeName(value)
    If KindOf = "Object" Then KindOf = "Range"
End Function

Private Function NameOf(ByVal range_ As Object) As String
    NameOf = "range " & range_.Text
End Function

Public Function InWords(Optional value As Variant) As String
    If KindOf(value) = "Error" Then
        InWords = "missing"
        Exit Function
    End If
    If TypeName(value) = "Object" Then
        InWords = NameOf(value)
    Else
        InWords = CStr(value)
    End If
End Function
"""

# In place of the same procedures of MapsegBridge.
_OUTSIDE = """
Public Function RunAction(ByVal action As String, ByVal request As String) As String
    Say "run " & action & " " & Encoded(request)
    RunAction = Answer("run")
End Function

Public Sub Tell(ByVal message As String)
    Say "tell " & message
End Sub

Public Function Ask(ByVal question As String) As Boolean
    Say "ask " & question
    Ask = (Answer("ask") = "yes")
End Function

Public Function PythonServer() As Object
    Say "server"
    If Answer("no python") <> "" Then Err.Raise 1000, "MAP Segmentation", Answer("no python")
    Set PythonServer = New FakeServer
End Function

Public Function LoggedProblem() As String
    LoggedProblem = Answer("log")
End Function

Public Function FileExists(ByVal path As String) As Boolean
    Say "is there " & path
    FileExists = (Answer("not there") <> path)
End Function

Public Function AppleScriptTask(ByVal script As String, ByVal handler As String, ByVal text As String) As String
    Say "applescript " & script & " " & handler & " " & text
    If Answer("no script") = "yes" Then Err.Raise 5, "Excel", "Invalid procedure call"
    AppleScriptTask = Answer("applescript")
End Function
"""
_REPLACED = ("RunAction", "Tell", "Ask", "PythonServer", "LoggedProblem", "FileExists")
# In place of MapsegWatching, which holds a listener to Excel's events
_LISTENING = """
Public Sub StartWatching()
End Sub
Public Function IsWatching() As Boolean
    IsWatching = True
End Function
"""


_SCRIPT = """
Public Function Go() As String
    On Error GoTo failed
    SetUp
{lines}
finished:
    Go = said
    Exit Function
failed:
    Say "ERROR " & Err.Description & " in line " & Erl
    Resume finished
End Function
"""


def played(
    office: Office,
    lines: str,
    system: dict[str, bool] = WINDOWS_64,
    *,
    extra: str = "",
    real: tuple[str, ...] = (),
) -> list[str]:
    """What our VBA says to the outside while lines of Basic run.

    `extra`: another module's text, e.g. wrappers. `real`: procedures of MapsegBridge that are not to be played.
    """
    with basic(office) as document:
        _load(document, system, real)
        document.add("Extra", extra)
        document.add("Script", _SCRIPT.format(lines=lines))
        said = document.call("Script", "Go")
    assert said is not None, "a module does not compile"
    return [line.replace("\\n", "\n") for line in said.split("\n") if line]


def _load(document: Basic, system: dict[str, bool], real: tuple[str, ...]) -> None:
    classes = {
        "ExcelItself": _APPLICATION, "FakeBook": _BOOK, "FakeBooks": _BOOKS, "FakeRange": _RANGE,
        "FakeServer": _SERVER,
    }  # fmt: skip
    for name, text in classes.items():
        document.add(name, text)
    document.add("World", _WORLD + _LISTENING)
    ours = {name: resolved(text, system) for name, text in modules().items()}
    replaced = tuple(name for name in _REPLACED if name not in real)
    bridge = _playable(without(ours["MapsegBridge"], replaced))
    document.add("MapsegBridge", bridge + without(_OUTSIDE, real))
    for name in ("MapsegActions", "MapsegSettings", "MapsegCells"):
        document.add(name, _playable(ours[name]))


def without(text: str, names: tuple[str, ...]) -> str:
    """A module without some of its procedures."""
    for name in names:
        form = rf"(?ms)^(?:Public|Private) (Sub|Function) {name}\b.*?^End \1$"
        text = re.sub(form, "", text, count=1)
    return text


def _playable(text: str) -> str:
    """The text without what Basic cannot play: kinds of objects, names that are its own words, the environment."""
    for ours, theirs in (
        ("TypeName(", "KindOf("), ("Environ(", "Answer("), ("Type:=2", "Kind:=2"), (".Call(", ".CallIt("),
    ):  # fmt: skip
        text = text.replace(ours, theirs)
    return text
