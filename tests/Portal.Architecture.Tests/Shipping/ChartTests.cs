using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Portal.Architecture.Tests.Shipping;

/// <summary>What of the Helm chart and of Traefik's samples can be read without these programs.</summary>
public sealed partial class ChartTests
{
    private static readonly string s_chart = Path.Combine(Repository.Root, "deploy", "helm", "portal");

    private static JsonObject Schema =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(s_chart, "values.schema.json")))!.AsObject();

    [Theory]
    [InlineData("helm/portal/Chart.yaml")]
    [InlineData("helm/portal/values.yaml")]
    [InlineData("proxies/traefik.yml")]
    [InlineData("proxies/traefik-prefix.yml")]
    public void File_WithoutTemplates_IsYamlWithoutDoubledKeys(string path) =>
        Assert.NotEmpty(Read(File.ReadAllText(Path.Combine(Repository.Root, "deploy", path))).Children);

    [Fact]
    public void Values_OfTheChart_FitItsSchema() => Assert.Empty(ValuesSchema.Check(Values(), Schema));

    [Theory]
    [InlineData("replicas: two")]
    [InlineData("replicas: 0")]
    [InlineData("replica: 2")]
    [InlineData("image: {tag: 1}")]
    [InlineData("hosts: []")]
    [InlineData("hosts: ['https://portal.example.com']")]
    [InlineData("pathBase: portal/")]
    [InlineData("encryptionKey: short")]
    [InlineData("settings: {PORTAL_STATS_KEEP: 1}")]
    [InlineData("settings: {HOME: /root}")]
    [InlineData("storage: {accessMode: Any}")]
    [InlineData("ingress: {annotations: {a: true}}")]
    public void Values_WithAMistake_AreRefused(string values) => Assert.NotEmpty(ValuesSchema.Check(Read(values), Schema));

    [Theory]
    [InlineData("replicas: 2")]
    [InlineData("settings: {PORTAL_STATS_KEEP: '1d,7d,90d'}")]
    [InlineData("database: {connectionString: 'Host=db;Username=portal;Database=portal'}")]
    [InlineData("pathBase: /tools/portal")]
    public void Values_OfASite_AreTaken(string values) => Assert.Empty(ValuesSchema.Check(Read(values), Schema));

    [Fact]
    public void Templates_ValuesThatTheyName_AreInTheFileOfValues()
    {
        var offenders = Directory.EnumerateFiles(Path.Combine(s_chart, "templates"))
            .SelectMany(file => Used().Matches(File.ReadAllText(file)).Select(match => (File: Path.GetFileName(file), Path: match.Groups[1].Value)))
            .Where(used => !Exists(Values(), used.Path.Split('.')))
            .Select(used => $"{used.File}: {used.Path}");
        Assert.Empty(offenders);
    }

    [Fact]
    public void Schema_AndValues_NameTheSame()
    {
        var named = Schema["properties"]!.AsObject().Select(property => property.Key).Where(key => key != "global").Order();
        Assert.Equal(Values().Children.Keys.Select(key => ((YamlScalarNode)key).Value!).Order(), named);
    }

    private static YamlMappingNode Values() => Read(File.ReadAllText(Path.Combine(s_chart, "values.yaml")));

    private static YamlMappingNode Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new MergingParser(new Parser(new StringReader(text))));
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    private static bool Exists(YamlNode node, ReadOnlySpan<string> path) =>
        path.Length == 0 || (node is YamlMappingNode mapping && mapping.Children.TryGetValue(path[0], out var child) && Exists(child, path[1..]));

    [GeneratedRegex(@"\.Values\.([A-Za-z.]+[A-Za-z])")]
    private static partial Regex Used();
}
