using Portal.Compose.Loading;
using Portal.Compose.Model;
using Portal.Compose.Placing;
using Portal.Compose.Planning;

namespace Portal.Compose.Tests.Planning;

public sealed class SpreadPlannerTests
{
    private const string Text = "services: {web: {image: a, depends_on: {db: {condition: service_started, restart: true}}, scale: 2}, "
        + "db: {image: b, volumes: ['d:/d'], networks: [default, near]}}\nvolumes: {d: }\nnetworks: {near: {driver: bridge}}";

    private static readonly Guid s_a = new("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid s_b = new("00000000-0000-0000-0000-00000000000b");

    private static readonly StackPlacement s_placement =
        new([new("web", 1, s_a), new("web", 2, s_b), new("db", 1, s_b)]);

    [Fact]
    public void Plan_WhereNothingIs_CreatesOnEachNodeWhatItNeeds()
    {
        Assert.Equal(
            ["Create shop_default on ", "Create shop_near on b", "Create shop_d on b", "Create shop-db-1 on b", "Create shop-web-1 on a",
                "Create shop-web-2 on b"],
            Lines(Plan(Project(Text), s_placement, Node(s_a), Node(s_b))));
    }

    [Fact]
    public void Plan_WhereAllIs_ChangesNothing()
    {
        var project = Project(Text);

        Assert.True(Plan(project, s_placement, Running(project, s_a), Running(project, s_b)).IsEmpty);
    }

    [Fact]
    public void Plan_OfAServiceThatChangedOnANode_RestartsDependantsOnTheOthers()
    {
        var changed = Project(Text.Replace("image: b", "image: b, init: true", StringComparison.Ordinal));
        var old = Project(Text);

        Assert.Equal(
            ["Recreate shop-db-1 on b", "Restart shop-web-1 on a", "Restart shop-web-2 on b"],
            Lines(Plan(changed, s_placement, Running(old, s_a), Running(old, s_b))));
    }

    [Fact]
    public void Plan_OfAReplicaPlacedElsewhere_MovesIt()
    {
        var project = Project("services: {web: {image: a}}");
        var before = new StackPlacement([new("web", 1, s_a)]);
        var after = new StackPlacement([new("web", 1, s_b)]);

        var step = Assert.Single(Plan(project, after, Running(project, s_a, before), Node(s_b)).Changes, step => step.Number == 1);

        Assert.Equal((PlanAction.Move, s_b, s_a, "id-a-shop-web-1"), (step.Action, step.Node, step.From, step.ContainerId));
    }

    [Fact]
    public void Plan_OfAReplicaThatIsThereTwice_RemovesTheOneThatIsNotPlaced()
    {
        var project = Project("services: {web: {image: a}}");
        var after = new StackPlacement([new("web", 1, s_b)]);

        var plan = Plan(project, after, Running(project, s_a, new([new("web", 1, s_a)])), Running(project, s_b, after));

        var step = Assert.Single(plan.Changes);
        Assert.Equal((PlanAction.Remove, s_a, "It runs on another node."), (step.Action, step.Node, step.Reason));
    }

    [Fact]
    public void Plan_OfANodeThatCantBeReached_LeavesWhatIsThere()
    {
        var project = Project(Text);

        Assert.True(Plan(project, s_placement, Running(project, s_a)).IsEmpty);
    }

    [Fact]
    public void Plan_OfNetworksThatAreNotInTheFiles_RemovesThemOverAllNodesAndOnOne()
    {
        var project = Project("services: {web: {image: a}}");
        var node = Running(project, s_a, new([new("web", 1, s_a)]));
        var more = node.Running.Networks.ToDictionary();
        more["shop_near"] = "near";

        var plan = SpreadPlanner.Plan(
            project, new([new("web", 1, s_a)]), [node with { Running = node.Running with { Networks = more } }],
            new PlanOptions { SpreadNetworks = ["shop_default", "shop_back"] });

        Assert.Equal(["Remove shop_near on a", "Remove shop_back on "], Lines(plan));
    }

    private static ProjectPlan Plan(ComposeProject project, StackPlacement placement, params SpreadNode[] nodes) => SpreadPlanner.Plan(
        project, placement, nodes, new PlanOptions
        {
            SpreadNetworks = nodes.Any(node => node.Running.Containers.Count > 0) ? ["shop_default"] : [],
        });

    private static IEnumerable<string> Lines(ProjectPlan plan) =>
        plan.Changes.Select(step => $"{step.Action} {step.Name} on {step.NodeName}");

    private static ComposeProject Project(string text) => Projects.Right(Projects.Load(
        new ComposeOptions { ProjectName = "shop", IsSpread = true }, ("compose.yaml", text)));

    private static SpreadNode Node(Guid id) => new(id, $"{id}"[^1..], RunningProject.None, new Dictionary<string, string>(), []);

    private static SpreadNode Running(ComposeProject project, Guid id, StackPlacement? placement = null) => Node(id) with
    {
        Running = new RunningProject(
            [.. project.Services.SelectMany(service => (placement ?? s_placement).On(id, service.Name).Select(number =>
                new RunningContainer(
                    $"id-{$"{id}"[^1..]}-{ProjectPlanner.NameOf(project, service, number)}", ProjectPlanner.NameOf(project, service, number),
                    "image", true, new Dictionary<string, string>
                    {
                        [ComposeLabels.Project] = "shop",
                        [ComposeLabels.Service] = service.Name,
                        [ComposeLabels.ConfigHash] = service.Hash,
                        [ComposeLabels.Number] = $"{number}",
                    })))],
            project.Networks.Where(network => id == s_b && !SpreadPlanner.IsSpread(network))
                .ToDictionary(network => network.Name, network => network.Key),
            id == s_b ? [.. project.Volumes.Select(volume => volume.Name)] : []),
    };
}
