using System.Text;
using Portal.Compose.Loading;

namespace Portal.Compose.Tests.Loading;

/// <summary>What is too much is refused, in little time and memory.</summary>
public sealed class LimitTests
{
    [Fact]
    public void Aliases_OfAliases_AreRefusedBeforeTheyAreWrittenOut()
    {
        var text = new StringBuilder("x0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var i = 1; i < 30; i++)
        {
            text.Append($"x{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Projects.OneError(Projects.Load(text.ToString()));

        Assert.Contains("100,000 values", error.Message.Replace('.', ','), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20, "it was written out");
    }

    [Fact]
    public void Merges_OfMerges_AreRefusedBeforeTheyAreWrittenOut()
    {
        var text = new StringBuilder("x0: &a0 {k: &v [1, 2, 3, 4, 5, 6, 7, 8]}\n");
        for (var i = 1; i < 40; i++)
        {
            text.Append($"x{i}: &a{i} {{<<: *a{i - 1}, k{i}a: *a{i - 1}, k{i}b: *a{i - 1}}}\n");
        }

        Assert.Contains("values", Projects.OneError(Projects.Load(text.ToString())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    public void Values_TooDeep_AreRefused(string open, string close)
    {
        var text = "x-deep: " + string.Concat(Enumerable.Repeat(open, 5000)) + string.Concat(Enumerable.Repeat(close, 5000));

        Assert.Contains("deep", Projects.OneError(Projects.Load(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_TooLong_IsRefused()
    {
        var text = "services: {web: {image: a}}\n#" + new string('x', 1 << 20);

        Assert.Contains("characters", Projects.OneError(Projects.Load(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Includes_ThatMultiply_AreRefused()
    {
        var files = Enumerable.Range(0, 10).Select(level => ($"l{level}.yaml", level == 9
            ? "services: {x: {image: a}}"
            : $"include: [{string.Join(", ", Enumerable.Repeat($"l{level + 1}.yaml", 10))}]\nservices: {{s{level}: {{image: a}}}}"));

        Assert.Contains("100 files",
            Projects.OneError(Projects.Load("include: [l0.yaml]\nservices: {web: {image: a}}", [.. files])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Chain_OfExtensions_IsBounded()
    {
        var services = Enumerable.Range(0, 50).Select(i => i == 49 ? "s49: {image: a}" : $"s{i}: {{extends: s{i + 1}}}");

        var result = Projects.Load($"services: {{{string.Join(", ", services)}}}");

        Assert.Contains(result.Problems, problem => problem.Message.Contains("16 steps", StringComparison.Ordinal));
    }

    [Fact]
    public void Variables_ThatMakeItLong_AreBounded()
    {
        var options = new ComposeOptions { ProjectName = "shop", Values = new Dictionary<string,
            string> { ["L"] = new string('x', 1 << 20) } };
        var keys = string.Join(", ", Enumerable.Range(0, 40).Select(i => $"K{i}: $L"));

        var result = Projects.Load(options, ("compose.yaml", $"services: {{web: {{image: a, environment: {{{keys}}}}}}}"));

        Assert.Contains("longer", Projects.OneError(result).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_OfPorts_AreBounded()
    {
        var result = Projects.Load("services: {web: {image: a, ports: ['1-65535:1-65535', '1-65535']}}");

        Assert.All(result.Problems, problem => Assert.Contains("too many ports", problem.Message, StringComparison.Ordinal));
        Assert.NotEmpty(result.Problems);
    }
}
