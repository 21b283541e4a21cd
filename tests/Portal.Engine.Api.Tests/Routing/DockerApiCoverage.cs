using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Tests.Routing;

/// <summary>Which test of this project covers which route, for the page of the documentation.</summary>
internal static class DockerApiCoverage
{
    private const string Refusals = "RefusedRoutesTests.Request_EveryRefusedRoute_AnswersStatusAndReason";

    private static readonly Dictionary<string, string> s_tests = new(StringComparer.Ordinal)
    {
        ["GET /_ping"] = "RoutingTests.Ping_AnyKnownVersion_AnswersOkWithHeaders",
        ["HEAD /_ping"] = "RoutingTests.Ping_Head_HasHeadersAndNoBody",
        ["POST /auth"] = "RegistryApiTests.Login_RightAndWrongPassword_IsAnsweredAsDockerDoes",
        ["POST /build"] = "BuildApiTests.Build_Parameters_ReachTheBuilder",
        ["POST /build/prune"] = "BuildApiTests.Prune_Filters_ReachTheCache",
        ["POST /commit"] = "TreeApiTests.Commit_WithAll_PassesItOn",
        ["POST /containers/create"] = "ContainerApiTests.Create_AsTheCliSendsIt_IsMapped",
        ["GET /containers/json"] = "ContainerApiTests.List_FiltersAndLimit_Select",
        ["POST /containers/prune"] = "ContainerSizeApiTests.Prune_StoppedContainers_TellsWhatTheyHadWritten",
        ["DELETE /containers/{id}"] = "LifecycleTests.Remove_Running_IsRefusedUnlessForced",
        ["GET /containers/{id}/archive"] = "TreeApiTests.Archive_Get_HasTheHeaderToo",
        ["HEAD /containers/{id}/archive"] = "TreeApiTests.Archive_Head_TellsInAHeaderAlone",
        ["PUT /containers/{id}/archive"] = "TreeApiTests.Archive_Put_PassesItsOptions",
        ["POST /containers/{id}/attach"] = "AttachTests.Attach_WithUpgrade_SwitchesProtocols",
        ["GET /containers/{id}/attach/ws"] = "AttachWebSocketTests.Attach_BothWays_CarriesBareBytes",
        ["GET /containers/{id}/changes"] = "TreeApiTests.Changes_OfAContainer_AreDockersNumbers",
        ["POST /containers/{id}/exec"] = "LifecycleTests.Exec_CodeStreamsAndInput_AreTheProcesses",
        ["GET /containers/{id}/export"] = "TreeTests.Export_AndImport_GiveTheSameFiles",
        ["GET /containers/{id}/json"] = "ContainerApiTests.Inspect_RunningContainer_HasDockersShape",
        ["POST /containers/{id}/kill"] = "ContainerApiTests.State_EachStep_IsAskedForAndAnswered",
        ["GET /containers/{id}/logs"] = "ContainerApiTests.Logs_OfPlainContainer_AreFramed",
        ["POST /containers/{id}/pause"] = "ContainerApiTests.State_EachStep_IsAskedForAndAnswered",
        ["POST /containers/{id}/rename"] = "LifecycleTests.Rename_Running_KeepsRunningUnderTheNewName",
        ["POST /containers/{id}/resize"] = "ProcessTests.Terminal_FirstSize_IsTheClients",
        ["POST /containers/{id}/restart"] = "ContainerApiTests.State_EachStep_IsAskedForAndAnswered",
        ["POST /containers/{id}/start"] = "ContainerApiTests.State_EachStep_IsAskedForAndAnswered",
        ["GET /containers/{id}/stats"] = "ContainerApiTests.Stats_OneAnswer_ComparesTwoSamples",
        ["POST /containers/{id}/stop"] = "ContainerApiTests.State_EachStep_IsAskedForAndAnswered",
        ["GET /containers/{id}/top"] = "ContainerApiTests.Top_Processes_AreRowsOfText",
        ["POST /containers/{id}/unpause"] = "ContainerApiTests.State_EachStep_IsAskedForAndAnswered",
        ["POST /containers/{id}/update"] = "UpdateTests.Update_Running_IsSeenInsideAtOnceAndByInspect",
        ["POST /containers/{id}/wait"] = "ContainerApiTests.Wait_BeforeTheEnd_SendsItsHeadersAtOnce",
        ["GET /distribution/{name}/json"] = "RegistryQueryTests.Distribution_Index_TellsDescriptorAndPlatforms",
        ["GET /events"] = "SystemApiTests.Events_PastSpan_IsWhatIsKeptOfIt",
        ["GET /exec/{id}/json"] = "LifecycleTests.Exec_CodeStreamsAndInput_AreTheProcesses",
        ["POST /exec/{id}/resize"] = "LifecycleTests.Exec_OnATerminal_IsInteractive",
        ["POST /exec/{id}/start"] = "AttachTests.ExecStart_WithBodyAndUpgrade_Hijacks",
        ["POST /images/create"] = "ImageApiTests.Pull_Progress_IsAStreamOfDocuments",
        ["GET /images/get"] = "ImageApiTests.Save_NamedImages_GivesTheirArchive",
        ["GET /images/json"] = "ImageApiTests.List_Filters_Select",
        ["POST /images/load"] = "ImageApiTests.Load_LongArchive_IsStreamed",
        ["POST /images/prune"] = "ImageSpaceApiTests.Prune_Filters_ChooseImages",
        ["GET /images/search"] = "RegistryQueryTests.Search_Row_HasDockersMembers",
        ["DELETE /images/{name}"] = "ImageApiTests.TagAndRemove_Names_ArePassedOn",
        ["GET /images/{name}/get"] = "ImageApiTests.Save_UnknownImage_IsNotFound",
        ["GET /images/{name}/history"] = "ImageApiTests.History_Steps_NewestFirst",
        ["GET /images/{name}/json"] = "ImageApiTests.Inspect_NamesWithSlashes_AreFound",
        ["POST /images/{name}/push"] = "RegistryApiTests.Push_WithCredentials_ShowsProgressAndResult",
        ["POST /images/{name}/tag"] = "ImageApiTests.TagAndRemove_Names_ArePassedOn",
        ["GET /info"] = "SystemApiTests.Info_Counts_AreTheEngines",
        ["GET /networks"] = "SystemApiTests.Networks_ByNameIdAndPrefix_AreFound",
        ["POST /networks/create"] = "NetworkTests.Network_CreateInspectRemove_GoesRound",
        ["POST /networks/prune"] = "CliCommandTests.Prune_OfEverything_TakesWhatIsUnused",
        ["DELETE /networks/{id}"] = "NetworkTests.Network_CreateInspectRemove_GoesRound",
        ["GET /networks/{id}"] = "SystemApiTests.Networks_ByNameIdAndPrefix_AreFound",
        ["POST /networks/{id}/connect"] = "NetworkTests.Connect_Running_IsOnBothAtOnceAndAfterARestart",
        ["POST /networks/{id}/disconnect"] = "NetworkTests.Connect_Running_IsOnBothAtOnceAndAfterARestart",
        ["GET /plugins"] = "CliCommandTests.Plugins_OfAnEngineWithoutAny_AreNone",
        ["GET /plugins/{name}/json"] = "CliCommandTests.Plugins_OfAnEngineWithoutAny_AreNone",
        ["POST /portal/volumes/{id}/backup"] = "VolumeTransferTests.Backup_RestoredElsewhere_IsTheSame",
        ["POST /portal/volumes/{id}/restore"] = "VolumeTransferTests.Backup_RestoredElsewhere_IsTheSame",
        ["POST /portal/store/check"] = "StoreCheckApiTests.Check_Store_TellsProgressProblemsAndTheReport",
        ["GET /system/df"] = "ImageSpaceApiTests.DiskUsage_SharedLayers_CountOnce",
        ["GET /version"] = "SystemApiTests.Version_Fields_AreDockers",
        ["GET /volumes"] = "VolumeTests.Volume_CreateListInspectRemove_GoesRound",
        ["POST /volumes/create"] = "VolumeTests.Volume_CreateListInspectRemove_GoesRound",
        ["POST /volumes/prune"] = "VolumeTests.Prune_Volumes_TakesNamedOnesOnlyWhenToldTo",
        ["DELETE /volumes/{id}"] = "VolumeTests.Volume_CreateListInspectRemove_GoesRound",
        ["GET /volumes/{id}"] = "VolumeTests.Volume_CreateListInspectRemove_GoesRound",
    };

    /// <summary>The routes that are named here, as <c>METHOD path</c>.</summary>
    public static IEnumerable<string> Named => s_tests.Keys;

    /// <summary>The test of a route, as <c>Class.Method</c>; null when none is named.</summary>
    public static string? TestOf(DockerRoute route) => route.Support == DockerRouteSupport.Refused
        ? Refusals
        : s_tests.GetValueOrDefault($"{route.Method} {route.Path}");
}
