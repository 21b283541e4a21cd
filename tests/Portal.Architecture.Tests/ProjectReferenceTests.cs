using System.Xml.Linq;

namespace Portal.Architecture.Tests;

/// <summary>References point one way only; whoever adds an arrow must draw it here, and so be asked why.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Portal.Engine"] = [],
        ["Portal.Engine.Linux"] = ["Portal.Engine"],
        ["Portal.Engine.Api"] = ["Portal.Engine"],
        ["Portal.Grpc"] = [],
        ["Portal.Contracts"] = ["Portal.Grpc"],
        ["Portal.Data"] = [],
        ["Portal.Compose"] = [],
        ["Portal.Agent"] = ["Portal.Engine", "Portal.Engine.Api", "Portal.Engine.Linux", "Portal.Contracts", "Portal.Grpc"],
        ["Portal.Web"] = ["Portal.Compose", "Portal.Contracts", "Portal.Data", "Portal.Grpc"],
    };

    public static TheoryData<string> Projects() => new(Repository.Files("src", ".csproj").Select(Repository.Relative));

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectReferences_OfEachProject_AreAmongThoseDrawn(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var references = References(project);

        Assert.True(s_allowed.TryGetValue(name, out var allowed), $"'{name}' is no part of the design: draw it before you build it.");
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Projects_OfTheDesign_AreAllThere()
    {
        Assert.Equal(
            s_allowed.Keys.Order(),
            Repository.Files("src", ".csproj").Select(path => Path.GetFileNameWithoutExtension(path)!).Order());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Projects_InTheSolution_AreListed(string project)
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Portal.sln"));

        Assert.Contains(project.Replace('/', '\\'), solution.Replace('/', '\\'), StringComparison.Ordinal);
    }

    [Fact]
    public void EngineLinux_InTheAgent_IsSeenByTheCompositionRootAlone()
    {
        var offenders = Repository.Files("src/Portal.Agent", ".cs")
            .Where(path => !Repository.Relative(path).StartsWith("src/Portal.Agent/Hosting/", StringComparison.Ordinal))
            .Where(path => File.ReadAllText(path).Contains("Portal.Engine.Linux", StringComparison.Ordinal))
            .Select(Repository.Relative);

        Assert.Empty(offenders);
    }

    [Fact]
    public void Engine_Core_CallsNoNativeCodeAndServesNoHttp()
    {
        var offenders = Repository.Files("src/Portal.Engine/", ".cs")
            .Where(path =>
            {
                var text = File.ReadAllText(path);
                return text.Contains("DllImport", StringComparison.Ordinal)
                    || text.Contains("LibraryImport", StringComparison.Ordinal)
                    || text.Contains("Microsoft.AspNetCore", StringComparison.Ordinal);
            })
            .Select(Repository.Relative);

        Assert.Empty(offenders);
    }

    private static IEnumerable<string> References(string project)
    {
        var document = XDocument.Load(Path.Combine(Repository.Root, project));
        return document.Descendants("ProjectReference")
            .Select(element => Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value.Replace('\\', '/')));
    }
}
