using Portal.Compose.Shapes;
using static Portal.Compose.Shapes.Scalars;

namespace Portal.Compose.Schema;

/// <summary>How the image of a service is built: <c>build</c>.</summary>
internal static class BuildShapes
{
    public static Shape FileReferences { get; } = new ListShape(
        new MapShape(
            new Dictionary<string, Shape> { ["source"] = Text, ["target"] = Text, ["uid"] = Word, ["gid"] = Word, ["mode"] = Mode },
                "source"),
        expand: Forms.Item("source"));

    public static Shape Build { get; } = Forms.Short("context", new MapShape(new Dictionary<string, Shape>
    {
        ["context"] = Forms.Context,
        ["dockerfile"] = Text,
        ["dockerfile_inline"] = Text,
        ["entitlements"] = TextList,
        ["args"] = new PairsShape(Nodes.ScalarKind.Null),
        ["ssh"] = new EitherShape("a mapping, a list or text", scalar: TextOrList, list: new PairsShape(), map: new PairsShape()),
        ["labels"] = new PairsShape(),
        ["cache_from"] = TextList,
        ["cache_to"] = TextList,
        ["no_cache"] = Bool,
        ["additional_contexts"] = new PairsShape(),
        ["network"] = Text,
        ["provenance"] = Loose,
        ["sbom"] = Loose,
        ["pull"] = Bool,
        ["target"] = Text,
        ["shm_size"] = Bytes,
        ["extra_hosts"] = Forms.ExtraHosts,
        ["isolation"] = Text,
        ["privileged"] = Bool,
        ["secrets"] = FileReferences,
        ["tags"] = TextList,
        ["ulimits"] = new NamesShape(Forms.Ulimit, "A limit's name"),
        ["platforms"] = TextList,
    }));
}
