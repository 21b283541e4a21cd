using Portal.Compose.Model;
using Portal.Compose.Planning;

namespace Portal.Compose.Tests.Planning;

public sealed class ProjectPlannerTests
{
    private const string Text =
        "services: {web: {image: a, depends_on: [db], scale: 2}, db: {image: b, volumes: ['d:/d']}}\nvolumes: {d: }";

    [Fact]
    public void Plan_WhereNothingIs_CreatesAllInOrder()
    {
        Assert.Equal(
            ["Create Network shop_default", "Create Volume shop_d", "Create Container shop-db-1", "Create Container shop-web-1",
                "Create Container shop-web-2"],
            Lines(Plan(Project(Text), RunningProject.None)));
    }

    [Fact]
    public void Plan_WhereAllIs_ChangesNothing()
    {
        var project = Project(Text);

        Assert.True(Plan(project, Running(project)).IsEmpty);
    }

    [Fact]
    public void Plan_OfAChangedService_MakesItAloneAnew()
    {
        var old = Project(Text);
        var changed = Project(Text.Replace("image: b", "image: b, environment: {A: '1'}", StringComparison.Ordinal));

        var step = Assert.Single(Plan(changed, Running(old)).Changes);

        Assert.Equal((PlanAction.Recreate, "shop-db-1", "id-shop-db-1", "What the files say of it has changed."),
            (step.Action, step.Name, step.ContainerId, step.Reason));
    }

    [Theory]
    [InlineData("scale: 2", "scale: 3", "Create Container shop-web-3")]
    [InlineData("scale: 2", "scale: 1", "Remove Container shop-web-2")]
    [InlineData("scale: 2", "scale: 2, profiles: [off]", "Remove Container shop-web-1;Remove Container shop-web-2")]
    [InlineData("depends_on: [db]", "depends_on: {db: {condition: service_healthy}}", "")]
    [InlineData("image: a", "image: a, networks: [n]", "Create Network shop_n;Recreate Container shop-web-1;Recreate Container shop-web-2")]
    [InlineData(", volumes: ['d:/d']", "", "Recreate Container shop-db-1")]
    public void Plan_OfChangedFiles_SaysWhat(string old, string other, string expected)
    {
        var changed = Project(Text.Replace(old, other, StringComparison.Ordinal) + "\nnetworks: {n: }");

        Assert.Equal(expected, string.Join(';', Lines(Plan(changed, Running(Project(Text))))));
    }

    [Fact]
    public void Plan_OfAStoppedContainer_StartsIt()
    {
        var project = Project(Text);
        var running = Running(project);

        var plan = Plan(project,
            running with { Containers = [.. running.Containers.Select(container =>
            container with { IsRunning = container.Service != "db" })] });

        Assert.Equal(["Start Container shop-db-1"], Lines(plan));
    }

    [Fact]
    public void Plan_OfAnotherImage_MakesItAnew()
    {
        var project = Project(Text);

        var plan = ProjectPlanner.Plan(project, Running(project),
            new PlanOptions { Images = new Dictionary<string, string> { ["db"] = "new", ["web"] = "image" } });

        Assert.Equal("Its image has changed.", Assert.Single(plan.Changes).Reason);
    }

    [Fact]
    public void Plan_OfAServiceInAnothersNamespace_FollowsIt()
    {
        const string text = "services: {net: {image: a}, in: {image: b, network_mode: 'service:net'}, "
            + "restarts: {image: c, depends_on: {net: {condition: service_started, restart: true}}}}";

        var plan = Plan(Project(text.Replace("image: a", "image: a, init: true", StringComparison.Ordinal)), Running(Project(text)));

        Assert.Equal(["Recreate Container shop-net-1", "Recreate Container shop-in-1", "Restart Container shop-restarts-1"], Lines(plan));
    }

    [Fact]
    public void Plan_OfAnAdoptedProject_KeepsWhatOthersMade()
    {
        var project = Project(Text);
        var running = Running(project);
        var foreign = running with
        {
            Containers = [.. running.Containers.Select(container => container with
            {
                Name = container.Name.Replace('-', '_'),
                Labels = new Dictionary<string, string>(container.Labels) { [ComposeLabels.ConfigHash] = "other-" + container.Service },
            })],
        };
        var adopted = project.Services.ToDictionary(service => "other-" + service.Name, service => service.Hash);

        Assert.Equal(3, Plan(project, foreign).Changes.Count());
        Assert.True(ProjectPlanner.Plan(project, foreign, new PlanOptions { Adopted = adopted }).IsEmpty);
    }

    [Fact]
    public void Plan_LeavesOneOffsAlone_AndRemovesWhatIsNotInTheFiles()
    {
        var project = Project("services: {web: {image: a}}");
        var running = Running(Project("services: {web: {image: a}, old: {image: b, networks: [back]}}\nnetworks: {back: }"));
        var once = new RunningContainer("x", "shop-web-run-1", "image", true, new Dictionary<string, string>
        {
            [ComposeLabels.Project] = "shop", [ComposeLabels.Service] = "web", [ComposeLabels.OneOff] = "True",
        });

        var plan = Plan(project, running with { Containers = [.. running.Containers, once] });

        Assert.Equal(["Remove Container shop-old-1", "Remove Network shop_back"], Lines(plan));
    }

    private static ProjectPlan Plan(ComposeProject project, RunningProject running) =>
        ProjectPlanner.Plan(project, running, new PlanOptions());

    private static IEnumerable<string> Lines(ProjectPlan plan) => plan.Changes.Select(step => $"{step.Action} {step.Subject} {step.Name}");

    private static ComposeProject Project(string text) => Projects.Right(Projects.Load(text));

    private static RunningProject Running(ComposeProject project) => new(
        [.. project.Services.SelectMany(service => Enumerable.Range(1, service.Replicas)
            .Select(number => Container(project, service, number)))],
        project.Networks.ToDictionary(network => network.Name, network => network.Key),
        [.. project.Volumes.Select(volume => volume.Name)]);

    private static RunningContainer Container(ComposeProject project, ComposeService service, int number)
    {
        var name = ProjectPlanner.NameOf(project, service, number);
        return new RunningContainer($"id-{name}", name, "image", true, new Dictionary<string, string>
        {
            [ComposeLabels.Project] = project.Name,
            [ComposeLabels.Service] = service.Name,
            [ComposeLabels.ConfigHash] = service.Hash,
            [ComposeLabels.Number] = $"{number}",
            [ComposeLabels.OneOff] = "False",
        });
    }
}
