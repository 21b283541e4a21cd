using Portal.Compose.Shapes;
using static Portal.Compose.Shapes.Scalars;

namespace Portal.Compose.Schema;

/// <summary>How a service is spread, replaced and limited: <c>deploy</c>.</summary>
internal static class DeployShapes
{
    public static Shape Devices { get; } = new ListShape(new MapShape(new Dictionary<string, Shape>
    {
        ["capabilities"] = TextList,
        ["count"] = That("a number or all", text => text == "all" || int.TryParse(text, out _)),
        ["device_ids"] = WordList,
        ["driver"] = Text,
        ["options"] = new PairsShape(),
    }));

    public static Shape Deploy { get; } = new NothingShape(new MapShape(new Dictionary<string, Shape>
    {
        ["mode"] = OneOf("replicated", "global", "replicated-job", "global-job"),
        ["endpoint_mode"] = OneOf("vip", "dnsrr"),
        ["replicas"] = Int(0, 10_000),
        ["labels"] = new PairsShape(),
        ["update_config"] = Change("continue", "pause", "rollback"),
        ["rollback_config"] = Change("continue", "pause"),
        ["resources"] = new MapShape(new Dictionary<string, Shape>
        {
            ["limits"] = new MapShape(new Dictionary<string, Shape>
            {
                ["cpus"] = Number,
                ["memory"] = Bytes,
                ["pids"] = Int(-1),
            }),
            ["reservations"] = new MapShape(new Dictionary<string, Shape>
            {
                ["cpus"] = Number,
                ["memory"] = Bytes,
                ["generic_resources"] = new ListShape(new MapShape(new Dictionary<string, Shape>
                {
                    ["discrete_resource_spec"] = new MapShape(new Dictionary<string, Shape> { ["kind"] = Text, ["value"] = Number }),
                })),
                ["devices"] = Devices,
            }),
        }),
        ["restart_policy"] = new MapShape(new Dictionary<string, Shape>
        {
            ["condition"] = OneOf("none", "on-failure", "any"),
            ["delay"] = Duration,
            ["max_attempts"] = Int(0),
            ["window"] = Duration,
        }),
        ["placement"] = new MapShape(new Dictionary<string, Shape>
        {
            ["constraints"] = new ListShape(PlacementConstraint),
            ["preferences"] = new ListShape(new MapShape(new Dictionary<string, Shape> { ["spread"] = Text })),
            ["max_replicas_per_node"] = Int(0),
        }),
    }));

    private static Shape PlacementConstraint => That(
        "a constraint as node.labels.disk==ssd",
        text => text.Contains("==", StringComparison.Ordinal) || text.Contains("!=", StringComparison.Ordinal));

    private static MapShape Change(params string[] failures) => new(new Dictionary<string, Shape>
    {
        ["parallelism"] = Int(0),
        ["delay"] = Duration,
        ["failure_action"] = OneOf(failures),
        ["monitor"] = Duration,
        ["max_failure_ratio"] = Number,
        ["order"] = OneOf("start-first", "stop-first"),
    });
}
