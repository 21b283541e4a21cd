using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.Tests.Hosting;

namespace Portal.Engine.Api.Tests.Routing;

public sealed class DockerApiPageTests : DockerApiTest
{
    private const string WriteVariable = "PORTAL_WRITE_DOCS";

    [Fact]
    public async Task DockerApiPage_InTheDocumentation_SaysWhatIsMapped()
    {
        var expected = DockerApiPage.Write(Routes());
        var path = Path.Combine(FindRoot(), "docs", "docker-api.md");
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            await File.WriteAllTextAsync(path, expected);
        }

        var written = File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
        Assert.True(
            expected == written,
            $"docs/docker-api.md is not what the routes say. Run this test with {WriteVariable}=1 and commit the page.");
    }

    [Fact]
    public void DockerApiPage_PartialAndRefusedRoutes_SayWhatIsMissing()
    {
        Assert.DoesNotContain(Routes(), route => route.Support != DockerRouteSupport.Full && route.Note.Length == 0);
    }

    [Fact]
    public void DockerApiPage_EveryRoute_NamesATestThatIsThere()
    {
        var tests = typeof(DockerApiPageTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Select(method => (Name: $"{type.Name}.{method.Name}", Method: method)))
            .Where(known => known.Method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0)
            .Select(known => known.Name)
            .ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(Routes(), route => DockerApiCoverage.TestOf(route) is not { } test || !tests.Contains(test));
        Assert.Empty(DockerApiCoverage.Named.Except(Routes().Select(route => $"{route.Method} {route.Path}")));
    }

    [Fact]
    public void Routes_EveryPathOfDockersReference_IsMapped()
    {
        Assert.Empty(DockerApiReference.Paths.Except(Routes().Select(route => $"{route.Method} {route.Path}")));
    }

    /// <summary>What is mapped, without the endpoint that answers for every other path.</summary>
    private IEnumerable<DockerRoute> Routes()
    {
        return Host.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<DockerRoute>())
            .OfType<DockerRoute>()
            .Where(route => route.Path.StartsWith('/'));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Portal.sln is in no folder above the tests.");
    }
}
