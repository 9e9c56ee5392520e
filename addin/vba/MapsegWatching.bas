Attribute VB_Name = "MapsegWatching"
' Holds what must live as long as the workbook is open: the ribbon, to draw it anew, and the listener to Excel's events.
Option Explicit
Option Private Module

Private ribbonItself As IRibbonUI
Private watcher As MapsegEvents

Public Sub KeepRibbon(ByVal ribbon As IRibbonUI)
    Set ribbonItself = ribbon
End Sub

' A workbook made from the template brings its own tab, and hides it where the add-in shows one.
Public Function TabIsVisible() As Boolean
    TabIsVisible = Not AddinIsOpen()
End Function

Private Function AddinIsOpen() As Boolean
    On Error Resume Next
    AddinIsOpen = (Workbooks("mapseg.xlam").Name <> "")
End Function

Public Sub ShowOrHideTab()
    If Not ribbonItself Is Nothing Then ribbonItself.Invalidate
End Sub

' Called also before each cell function: an unhandled error elsewhere in this project can make VBA forget the listener.
Public Sub StartWatching()
    If watcher Is Nothing Then Set watcher = New MapsegEvents
End Sub

Public Function IsWatching() As Boolean
    IsWatching = Not watcher Is Nothing
End Function
