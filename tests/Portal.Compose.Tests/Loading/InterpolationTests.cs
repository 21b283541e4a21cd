using Portal.Compose.Loading;

namespace Portal.Compose.Tests.Loading;

public sealed class InterpolationTests
{
    private static readonly Dictionary<string, string> s_values = new() { ["SET"] = "s", ["EMPTY"] = "", ["A1"] = "one" };

    [Theory]
    [InlineData("$SET", "s")]
    [InlineData("${SET}", "s")]
    [InlineData("x${SET}y$A1.z", "xsyone.z")]
    [InlineData("${NONE:-d}", "d")]
    [InlineData("${NONE-d}", "d")]
    [InlineData("${EMPTY:-d}", "d")]
    [InlineData("${EMPTY-d}", "")]
    [InlineData("${SET:-d}", "s")]
    [InlineData("${SET:+r}", "r")]
    [InlineData("${EMPTY:+r}", "")]
    [InlineData("${EMPTY+r}", "r")]
    [InlineData("${NONE+r}", "")]
    [InlineData("${SET:?no}", "s")]
    [InlineData("${EMPTY?no}", "")]
    [InlineData("${NONE:-${ALSO:-$SET}}", "s")]
    [InlineData("${SET:-${NONE:?never asked}}", "s")]
    [InlineData("${NONE:-a}b}", "ab}")]
    [InlineData("$$SET$$", "$SET$")]
    [InlineData("${NONE}", "")]
    [InlineData("${NONE:-/a:b?c}", "/a:b?c")]
    public void Template_WithVariables_IsExpanded(string template, string expected)
    {
        Assert.Equal(expected, Expand(template).Service().Environment["V"]);
    }

    [Theory]
    [InlineData("${SET")]
    [InlineData("$")]
    [InlineData("a$ b")]
    [InlineData("$1")]
    [InlineData("${}")]
    [InlineData("${SET:x}")]
    [InlineData("${SET!}")]
    [InlineData("${NONE:?}")]
    [InlineData("${EMPTY:?gone}")]
    [InlineData("${NONE:-${X")]
    public void Template_ThatIsWrong_IsAnError(string template)
    {
        Assert.Equal((1, "services.web.environment.V"), Place(Expand(template)));
    }

    [Fact]
    public void Template_NestedTooDeep_IsAnError()
    {
        var deep = string.Concat(Enumerable.Repeat("${X:-", 1000)) + new string('}', 1000);

        Assert.Contains("deep", Projects.OneError(Expand(deep)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variable_ThatIsMissing_IsWarnedOf()
    {
        var warning = Assert.Single(Expand("${NONE}").Problems);

        Assert.Contains("'NONE'", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variable_ForANumber_IsReadAsOne()
    {
        var options = new ComposeOptions { ProjectName = "shop", Values = new Dictionary<string, string> { ["N"] = "3" } };

        Assert.Equal(3, Projects.Load(options, ("compose.yaml", "services: {web: {image: a, scale: '${N}'}}")).Service().Replicas);
    }

    [Fact]
    public void EnvFile_OfManyForms_IsRead()
    {
        const string file = """
            # a comment
            PLAIN=a b # tail
            export EXPORTED=x

            SINGLE='$PLAIN #no'
            DOUBLE="line\n${PLAIN}\"\$X"
            MULTI="one
            two"
            EMPTY=
            USES=${PLAIN:-z}-${FROM_VALUES}
            FROM_VALUES
            MISSING
            HASH=a#b
            """;
        var options = new ComposeOptions { ProjectName = "shop", Values = new Dictionary<string, string> { ["FROM_VALUES"] = "v" } };

        var environment = Projects.Load(options,
            ("compose.yaml", "services: {web: {image: a, env_file: [.e], environment: {EMPTY: own}}}"), (".e", file))
            .Service().Environment;

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["PLAIN"] = "a b",
                ["EXPORTED"] = "x",
                ["SINGLE"] = "$PLAIN #no",
                ["DOUBLE"] = "line\na b\"$X",
                ["MULTI"] = "one\ntwo",
                ["EMPTY"] = "own",
                ["USES"] = "a b-v",
                ["FROM_VALUES"] = "v",
                ["HASH"] = "a#b",
            },
            environment);
    }

    [Fact]
    public void EnvFile_Raw_IsTakenAsItIs()
    {
        var environment = Projects.Load(
            "services: {web: {image: a, env_file: [{path: e, format: raw}, {path: gone, required: false}]}}",
                ("e", "A='$X' # b\n")).Service().Environment;

        Assert.Equal("'$X' # b", environment["A"]);
    }

    [Fact]
    public void EnvFile_WithAnOpenQuote_NamesItsLine()
    {
        var error = Projects.OneError(Projects.Load("services: {web: {image: a, env_file: e}}", ("e", "A=1\nB=\"open\nC=2\n")));

        Assert.Equal(("e", 2), (error.Mark.File, error.Mark.Line));
    }

    [Fact]
    public void Values_WinOverTheDotEnvOfTheProject()
    {
        var options = new ComposeOptions { ProjectName = "shop", Values = new Dictionary<string, string> { ["A"] = "given" } };

        var result = Projects.Load(options, ("compose.yaml", "services: {web: {image: '$A-$B'}}"), (".env", "A=file\nB=file\n"));

        Assert.Equal("given-file", result.Service().Image);
    }

    private static ComposeResult Expand(string template) =>
        Projects.Load(
            new ComposeOptions { ProjectName = "shop", Values = s_values },
            ("compose.yaml", $"services: {{web: {{image: a, environment: {{V: '{template}'}}}}}}"));

    private static (int, string) Place(ComposeResult result) => (Projects.OneError(result).Mark.Line, Projects.OneError(result).Key);
}
