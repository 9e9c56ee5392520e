Attribute VB_Name = "MapsegRibbon"
' What Excel and Python call by name: the ribbon's callbacks, the keys, the end of a run. Each only hands on, so that the
' work can be run where there is no ribbon. The ribbon's XML names them: onLoad="MapsegRibbonLoaded", the tab's
' getVisible="MapsegTemplateVisible" (template only), each button's onAction is Button.macro. In the template they are
' called MapsegBook...: Excel looks them up by name in all open workbooks.
Option Explicit

' ---- Buttons ----

' Set up

Public Sub MapsegAddFiles(control As IRibbonControl)
    PressAddFiles
End Sub

Public Sub MapsegCombine(control As IRibbonControl)
    PressCombine
End Sub

Public Sub MapsegConfirmColumns(control As IRibbonControl)
    PressConfirmColumns
End Sub

Public Sub MapsegCheckData(control As IRibbonControl)
    PressCheckData
End Sub

' Measure

Public Sub MapsegCountCustomers(control As IRibbonControl)
    PressCountCustomers
End Sub

Public Sub MapsegSuggestSegments(control As IRibbonControl)
    PressSuggestSegments
End Sub

Public Sub MapsegMySegments(control As IRibbonControl)
    PressMySegments
End Sub

' Analyze

Public Sub MapsegCompare(control As IRibbonControl)
    PressCompare
End Sub

Public Sub MapsegWhatIf(control As IRibbonControl)
    PressWhatIf
End Sub

Public Sub MapsegObjections(control As IRibbonControl)
    PressObjections
End Sub

' Prioritize

Public Sub MapsegTamScoring(control As IRibbonControl)
    PressTamScoring
End Sub

Public Sub MapsegRank(control As IRibbonControl)
    PressRank
End Sub

Public Sub MapsegRecordDecision(control As IRibbonControl)
    PressRecordDecision
End Sub

' Share

Public Sub MapsegOnePagers(control As IRibbonControl)
    PressOnePagers
End Sub

Public Sub MapsegSlides(control As IRibbonControl)
    PressSlides
End Sub

Public Sub MapsegExport(control As IRibbonControl)
    PressExport
End Sub

Public Sub MapsegRollOut(control As IRibbonControl)
    PressRollOut
End Sub

Public Sub MapsegCustomerLists(control As IRibbonControl)
    PressCustomerLists
End Sub

' Run

Public Sub MapsegRunAll(control As IRibbonControl)
    PressRunAll
End Sub

Public Sub MapsegRefresh(control As IRibbonControl)
    PressRefresh
End Sub

Public Sub MapsegUndoLastRun(control As IRibbonControl)
    PressUndoLastRun
End Sub

' Help

Public Sub MapsegTryTheSample(control As IRibbonControl)
    PressTryTheSample
End Sub

Public Sub MapsegFunctions(control As IRibbonControl)
    PressFunctions
End Sub

Public Sub MapsegCheckInstallation(control As IRibbonControl)
    PressCheckInstallation
End Sub

' ---- The ribbon itself ----

Public Sub MapsegRibbonLoaded(ribbon As IRibbonUI)
    KeepRibbon ribbon
End Sub

Public Sub MapsegTemplateVisible(control As IRibbonControl, ByRef visible As Variant)
    visible = TabIsVisible()
End Sub

' ---- Called by Python (MapsegBridge says how) and by Excel's keys, clock and Undo ----

Public Sub MapsegFinished(ByVal report As String)
    EndTheRun Decoded(report)
End Sub

Public Sub MapsegProgress(ByVal text As String)
    ShowProgress Decoded(text)
End Sub

Public Sub MapsegStop()
    StopTheRun
End Sub

Public Sub MapsegUndoNow()
    UndoTheRun
End Sub

Public Sub MapsegLookAtStart()
    LookAtStart
End Sub

' The self-check, for who cannot see the ribbon: Alt+F8, MapsegSelfCheck.
Public Sub MapsegSelfCheck()
    PressCheckInstallation
End Sub
