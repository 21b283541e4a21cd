using Portal.Compose.Loading;
using Portal.Compose.Model;
using Portal.Compose.Problems;
using Portal.Compose.Sources;

namespace Portal.Compose.Tests;

/// <summary>Loads projects that are written into tests.</summary>
internal static class Projects
{
    public static ComposeResult Load(string text, params (string Path, string Text)[] others) =>
        Load(new ComposeOptions { ProjectName = "shop" }, [("compose.yaml", text), .. others]);

    public static ComposeResult Load(ComposeOptions options, params (string Path, string Text)[] files) =>
        ComposeLoader.Load(new ProjectFiles(files.ToDictionary(file => file.Path, file => file.Text)), options);

    /// <summary>Each file laid over those before it.</summary>
    public static ComposeResult Overlay(params string[] texts)
    {
        var files = texts.Select((text, index) => ($"compose.{index}.yaml", text)).ToArray();
        return Load(new ComposeOptions { ProjectName = "shop", Files = [.. files.Select(file => file.Item1)] }, files);
    }

    public static ComposeProject Right(ComposeResult result)
    {
        Assert.True(result.IsRight, string.Join('\n', result.Problems));
        return result.Project;
    }

    public static ComposeService Service(this ComposeResult result, string name = "web") =>
        Right(result).Services.Single(service => service.Name == name);

    public static ComposeProblem OneError(ComposeResult result) =>
        Assert.Single(result.Problems, problem => problem.Severity == ComposeSeverity.Error);
}
