namespace Portal.Web.Tests.Features.Rest.Coverage;

/// <summary>What pages do by a method that no endpoint calls, with the reason: mostly that programs get the same in another way.</summary>
internal static class PagesAlone
{
    private const string Batch = "Several at once, for a progress bar: programs send one request each.";
    private const string Background = "Work with progress for a person's page: programs send the request and wait for its answer.";
    private const string Choices = "What a form offers: programs read the list of the thing itself.";
    private const string Live = "What a page is told as it happens: programs have /events, /stats and the log's file.";

    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["BulkItem.RunAsync"] = Batch,
        ["BulkNaming.RunAsync"] = Batch,
        ["ImageRemoval.RunAsync"] = Batch,
        ["NetworkRemoval.RunAsync"] = Batch,
        ["NodePrune.PreviewAsync"] = Batch,
        ["NodePrune.RunAsync"] = Batch,
        ["DeploymentApprovals.CountAsync"] = "A badge: programs count the list of held deployments.",
        ["DeploymentApprovals.WhyNotAsync"] = "Why a button is not there: programs are told when they try.",
        ["RegistryCheck.RunAsync"] = "Words around RegistryQueries.CheckAsync, which an endpoint calls.",
        ["ImageTransfers.Find"] = Background,
        ["ImageTransfers.Pull"] = Background,
        ["ImageTransfers.Push"] = Background,
        ["VolumeTransfers.Find"] = Background,
        ["VolumeTransfers.Prepare"] = Background,
        ["EnvironmentRules.TargetsAsync"] = Choices,
        ["GrantDirectory.ListRolesAsync"] = Choices,
        ["GrantDirectory.ListStacksAsync"] = Choices,
        ["ISavedViews.ListTeamsAsync"] = Choices,
        ["InvitationBook.ListChoicesAsync"] = Choices,
        ["PolicyPlaces.ReadAsync"] = Choices,
        ["ProviderDirectory.ListChoicesAsync"] = Choices,
        ["RegistryNodes.ListAsync"] = Choices,
        ["TeamDirectory.ListPeopleAsync"] = Choices,
        ["ContainerWatch.LogsAsync"] = Live,
        ["ContainerWatch.StatsAsync"] = Live,
        ["IFleetRows`1.ReadAsync"] = "Rows over all nodes: programs read a node's list, which the same services answer.",
        ["INodeCalls.ReadAsync"] = "The way to a node itself: what is asked stands with the service that asks.",
        ["LogHistory.ReadAroundAsync"] = "The log as a page draws it: programs read it as a file, from and until when they like.",
        ["LogHistory.ReadNewerAsync"] = "As above.",
        ["LogHistory.ReadOlderAsync"] = "As above.",
        ["IFileSource.ReadAsync"] = "The beginning of a file, to look at: programs read the file.",
        ["ConsoleTickets.Issue"] = "A terminal is a page's: what is typed there comes from a person at a browser.",
    };
}
