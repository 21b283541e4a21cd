using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Queries;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images.Registries;

/// <summary>All tags, searches and descriptions.</summary>
public sealed class QueryTests : ImageTestBase
{
    private IRegistryQueries Queries => Engine.Get<IRegistryQueries>();

    [Fact]
    public async Task PullAllAsync_ThreeTags_PullsEachAndSharedLayersOnce()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var basis = new TestImageBuilder().AddFile("a", "shared");
        await registry.PushAsync(basis, "team/app:1");
        await registry.PushAsync(basis.AddFile("b", "more"), "team/app:2");
        await registry.PushAsync(basis, "team/app:latest");

        var pulled = await Engine.Get<IRegistries>().PullAllAsync($"{registry.Host}/team/app", null);

        Assert.Equal(3, pulled.Count);
        var names = (await Engine.Images.ListAsync()).SelectMany(image => image.Names).Order(StringComparer.Ordinal);
        Assert.Equal(["1", "2", "latest"], names.Select(name => name[(name.LastIndexOf(':') + 1)..]));
        Assert.Equal(2, Layers().Length);
        await AssertFailsAsync(
            EngineErrorKind.InvalidArgument, () => Engine.Get<IRegistries>().PullAllAsync($"{registry.Host}/team/app:1", null));
        await AssertFailsAsync(EngineErrorKind.NotFound, () => Engine.Get<IRegistries>().PullAllAsync($"{registry.Host}/none", null));
    }

    [Fact]
    public async Task SearchAsync_NoSearch_LooksThroughTheCatalogueBestFirst()
    {
        await using var registry = await RegistryFixture.StartAsync();
        foreach (var name in new[] { "a/mybox", "box", "boxes", "other" })
        {
            await registry.PushAsync(new TestImageBuilder().AddFile("a", "b"), $"{name}:1");
        }

        var found = await Queries.SearchAsync(registry.Host, "box", 25, null);
        var few = await Queries.SearchAsync($"http://{registry.Host}/v1/", "box", 2, null);

        Assert.Equal(["box", "boxes", "a/mybox"], found.Repositories.Select(repository => repository.Name));
        Assert.False(found.IsTruncated);
        Assert.Equal(["box", "boxes"], few.Repositories.Select(repository => repository.Name));
        Assert.True(few.IsTruncated);
        Assert.Equal(4, (await Queries.SearchAsync(registry.Host, "", 25, null)).Repositories.Count);
        Assert.Equal(["1"], (await Queries.ListTagsAsync($"{registry.Host}/a/mybox", 25, null)).Names);
    }

    [Fact]
    public async Task SearchAsync_RegistryWithASearch_AsksIt()
    {
        await using var registry = await FakeRegistry.StartAsync(async context =>
        {
            context.Response.StatusCode = context.Request.Path == "/v1/search" ? 200 : 404;
            if (context.Request.Path == "/v1/search" && context.Request.Query["q"] == "a b" && context.Request.Query["n"] == "3")
            {
                await context.Response.WriteAsync(
                    """
                    {"num_results":9,"query":"a b","results":[
                    {"name":"ada/box","description":null,"star_count":7,"is_official":false,"is_automated":true,"more":1},null,{"name":""}]}
                    """);
            }
        });

        var found = await Queries.SearchAsync(registry.Host, "a b", 3, null);

        Assert.Equal(new FoundRepository { Name = "ada/box", Stars = 7, IsAutomated = true }, Assert.Single(found.Repositories));
        Assert.True(found.IsTruncated);
    }

    [Theory]
    [InlineData("""{"repositories":["ok","../../v2","A b",null,"x\ny","ok"]}""", "ok")]
    [InlineData("""{"repositories":[]}""", "")]
    [InlineData("{}", "")]
    public async Task SearchAsync_CatalogueWithNonsense_LeavesItOut(string page, string names)
    {
        await using var registry = await ServeAsync(page);

        Assert.Equal(names, string.Join(' ', (await Queries.SearchAsync(registry.Host, "", 25, null)).Repositories.Select(found => found.Name)));
    }

    [Theory]
    [InlineData("not json", null)]
    [InlineData("""{"repositories":["a"]}""", "<http://127.0.0.1:1/v2/_catalog?last=a>; rel=\"next\"")]
    [InlineData("""{"repositories":["a"],"repositories":["b"]}""", null)]
    [InlineData("""{"repositories":"a"}""", null)]
    public async Task SearchAsync_HostileCatalogue_IsRefused(string page, string? link)
    {
        await using var registry = await ServeAsync(page, link);

        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Queries.SearchAsync(registry.Host, "", 25, null));
    }

    [Fact]
    public async Task SearchAsync_EndlessCatalogue_ComesToAnEnd()
    {
        var pages = 0;
        await using var registry = await FakeRegistry.StartAsync(async context =>
        {
            if (!IsCatalogue(context))
            {
                return;
            }

            context.Response.Headers.Link = $"</v2/_catalog?last={++pages}>; rel=\"next\"";
            await context.Response.WriteAsync("""{"repositories":["same"]}""");
        });

        var found = await Queries.SearchAsync(registry.Host, "", 25, null);

        Assert.True(found.IsTruncated);
        Assert.Equal("same", Assert.Single(found.Repositories).Name);
        Assert.Equal(200, pages);
    }

    [Fact]
    public async Task ListTagsAsync_SeveralPages_ReadsUpToTheLimit()
    {
        await using var registry = await FakeRegistry.StartAsync(async context =>
        {
            if (context.Request.Path == "/v2/app/tags/list")
            {
                var isFirst = !context.Request.Query.ContainsKey("last");
                context.Response.Headers.Link = isFirst ? "</v2/app/tags/list?last=2&n=2>; rel=\"next\"" : default;
                await context.Response.WriteAsync(isFirst ? """{"name":"app","tags":["1","2"]}""" : """{"name":"app","tags":["3","-bad"]}""");
            }
        });

        var all = await Queries.ListTagsAsync($"{registry.Host}/app", 10, null);
        Assert.Equal(["1", "2", "3"], all.Names);
        Assert.False(all.IsTruncated);
        var two = await Queries.ListTagsAsync($"{registry.Host}/app", 2, null);
        Assert.Equal(["1", "2"], two.Names);
        Assert.True(two.IsTruncated);
    }

    [Fact]
    public async Task SearchAsync_NeitherSearchNorCatalogue_SaysSo()
    {
        await using var registry = await FakeRegistry.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/v2/" ? 200 : 404;
            return Task.CompletedTask;
        });

        var failure = await AssertFailsAsync(EngineErrorKind.NotFound, () => Queries.SearchAsync(registry.Host, "x", 25, null));

        Assert.Contains("neither a search nor a catalogue", failure.Message);
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Queries.SearchAsync(registry.Host, "x", 0, null));
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Queries.SearchAsync(registry.Host, "x", 101, null));
    }

    [Theory]
    [InlineData("v2s2", "application/vnd.docker.distribution.manifest.v2+json")]
    [InlineData("oci", "application/vnd.oci.image.manifest.v1+json")]
    public async Task DescribeAsync_Manifest_TellsItsPlatform(string format, string mediaType)
    {
        await using var registry = await RegistryFixture.StartAsync();
        await registry.PushAsync(new TestImageBuilder { Architecture = "arm64" }.AddFile("a", "b"), "app:1", "--format", format);

        var image = await Queries.DescribeAsync($"{registry.Host}/app:1", null);

        Assert.Equal(mediaType, image.MediaType);
        Assert.Equal([new ImagePlatform("linux", "arm64")], image.Platforms);
        Assert.Equal(image, await Queries.DescribeAsync($"{registry.Host}/app@{image.Digest}", null) with { Platforms = image.Platforms });
        Assert.Empty(await Engine.Images.ListAsync());
        await AssertFailsAsync(EngineErrorKind.NotFound, () => Queries.DescribeAsync($"{registry.Host}/app:2", null));
    }

    [Fact]
    public async Task ResolveAsync_TagThatMoves_TellsItsDigestAndPullsNothing()
    {
        await using var registry = await RegistryFixture.StartAsync();
        await registry.PushAsync(new TestImageBuilder().AddFile("a", "1"), "app:1");
        var before = await Queries.ResolveAsync($"{registry.Host}/app:1", null);
        var described = await Queries.DescribeAsync($"{registry.Host}/app:1", null);
        await registry.PushAsync(new TestImageBuilder().AddFile("a", "2"), "app:1");

        var after = await Queries.ResolveAsync($"{registry.Host}/app:1", null);

        Assert.Equal(described.Digest, before.Digest);
        Assert.NotEqual(before.Digest, after.Digest);
        Assert.Empty(await Engine.Images.ListAsync());
        await AssertFailsAsync(EngineErrorKind.NotFound, () => Queries.ResolveAsync($"{registry.Host}/app:2", null));
    }

    [Fact]
    public async Task ResolveAsync_RegistryThatAsksToComeLessOften_IsAskedOnceAndToldSo()
    {
        var asked = 0;
        await using var registry = await FakeRegistry.StartAsync(context =>
        {
            asked += context.Request.Path == "/v2/app/manifests/1" ? 1 : 0;
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "120";
            return Task.CompletedTask;
        });

        var found = await Queries.ResolveAsync($"{registry.Host}/app:1", null);

        Assert.Equal((1, new ResolvedTag(null, TimeSpan.FromMinutes(2))), (asked, found));
    }

    [Theory]
    [InlineData("sha256:12")]
    [InlineData("../../etc/passwd")]
    public async Task ResolveAsync_HeaderThatIsNoDigest_IsRefused(string digest)
    {
        await using var registry = await FakeRegistry.StartAsync(context =>
        {
            context.Response.Headers["Docker-Content-Digest"] = digest;
            return Task.CompletedTask;
        });

        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Queries.ResolveAsync($"{registry.Host}/app:1", null));
    }

    [Fact]
    public async Task CheckAsync_WebServerThatIsNoRegistry_SaysSo()
    {
        await Engine.DisposeAsync();
        Engine = Open(services => services.AddSingleton(ImageEngine.Impatient));
        await using var page = await FakeRegistry.StartAsync(async context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync("<html>");
        });
        await using var registry = await RegistryFixture.StartAsync();

        var failure = await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Queries.CheckAsync(page.Host, null));

        Assert.Contains("no registry", failure.Message);
        Assert.Equal(new RegistryCheck(IsSecure: false, IsAuthenticated: false), await Queries.CheckAsync(registry.Host, null));
        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Queries.CheckAsync("127.0.0.1:1", null));
    }

    private static bool IsCatalogue(HttpContext context)
    {
        context.Response.StatusCode = context.Request.Path == "/v2/_catalog" ? 200 : 404;
        return context.Response.StatusCode == 200;
    }

    private static Task<FakeRegistry> ServeAsync(string page, string? link = null) => FakeRegistry.StartAsync(async context =>
    {
        if (IsCatalogue(context))
        {
            context.Response.Headers.Link = link;
            await context.Response.WriteAsync(page);
        }
    });
}
