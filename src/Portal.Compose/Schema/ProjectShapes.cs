using Portal.Compose.Shapes;
using static Portal.Compose.Shapes.Scalars;

namespace Portal.Compose.Schema;

/// <summary>What stands at the top of a Compose file.</summary>
internal static class ProjectShapes
{
    private static readonly MapShape s_network = new(new Dictionary<string, Shape>
    {
        ["name"] = Text,
        ["driver"] = Text,
        ["driver_opts"] = new PairsShape(isMapAlone: true),
        ["ipam"] = new MapShape(new Dictionary<string, Shape>
        {
            ["driver"] = Text,
            ["config"] = new ListShape(new MapShape(new Dictionary<string, Shape>
            {
                ["subnet"] = Text,
                ["ip_range"] = Text,
                ["gateway"] = Text,
                ["aux_addresses"] = new PairsShape(isMapAlone: true),
            })),
            ["options"] = new PairsShape(isMapAlone: true),
        }),
        ["external"] = Forms.External,
        ["internal"] = Bool,
        ["enable_ipv4"] = Bool,
        ["enable_ipv6"] = Bool,
        ["attachable"] = Bool,
        ["labels"] = new PairsShape(),
    });

    private static readonly MapShape s_volume = new(new Dictionary<string, Shape>
    {
        ["name"] = Text,
        ["driver"] = Text,
        ["driver_opts"] = new PairsShape(isMapAlone: true),
        ["external"] = Forms.External,
        ["labels"] = new PairsShape(),
    });

    /// <summary>The whole file.</summary>
    public static Shape File { get; } = new MapShape(new Dictionary<string, Shape>
    {
        ["version"] = Word,
        ["name"] = Text,
        ["include"] = new ListShape(
            new MapShape(
                new Dictionary<string, Shape>
                {
                    ["path"] = new ListShape(Forms.Path, single: true),
                    ["env_file"] = new ListShape(Forms.Path, single: true),
                    ["project_directory"] = Forms.Path,
                },
                "path"),
            expand: Forms.Item("path")),
        ["services"] = new NamesShape(ServiceShapes.Service, "A service's name"),
        ["networks"] = new NamesShape(new NothingShape(s_network), "A network's name"),
        ["volumes"] = new NamesShape(new NothingShape(s_volume), "A volume's name"),
        ["configs"] = new NamesShape(FileResource("content"), "A config's name"),
        ["secrets"] = new NamesShape(FileResource("driver", "driver_opts"), "A secret's name"),
        ["models"] = new NamesShape(
            new MapShape(
                new Dictionary<string, Shape>
                {
                    ["name"] = Text,
                    ["model"] = Text,
                    ["context_size"] = Int(0),
                    ["runtime_flags"] = TextList,
                },
                "model"),
            "A model's name"),
    });

    private static MapShape FileResource(params string[] more)
    {
        var keys = new Dictionary<string, Shape>
        {
            ["name"] = Text,
            ["environment"] = Text,
            ["file"] = Forms.Path,
            ["external"] = Forms.External,
            ["labels"] = new PairsShape(),
            ["template_driver"] = Text,
        };
        foreach (var key in more)
        {
            keys[key] = key == "driver_opts" ? new PairsShape(isMapAlone: true) : Text;
        }

        return new MapShape(keys);
    }
}
