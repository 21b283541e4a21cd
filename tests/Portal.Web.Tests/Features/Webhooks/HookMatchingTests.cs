using System.Text.Json;
using Portal.Web.Features.Webhooks;
using Portal.Web.Features.Webhooks.Matching;
using Portal.Web.Features.Webhooks.Payloads;
using Portal.Web.Features.Webhooks.Work;

namespace Portal.Web.Tests.Features.Webhooks;

public sealed class HookMatchingTests
{
    [Theory]
    [InlineData("main", "main", true)]
    [InlineData("main", "mainline", false)]
    [InlineData("release/*", "release/1", true)]
    [InlineData("release/*", "release/1/hot", false)]
    [InlineData("release/**", "release/1/hot", true)]
    [InlineData("**/compose.yaml", "compose.yaml", true)]
    [InlineData("**/compose.yaml", "a/b/compose.yaml", true)]
    [InlineData("**/compose.yaml", "a/b/other-compose.yaml", false)]
    [InlineData("a/**/z", "a/z", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("**", "", true)]
    [InlineData("**", "a/b", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("v?.?", "v1.2", true)]
    [InlineData("v?", "v/", false)]
    [InlineData("*.y*ml", "compose.yaml", true)]
    [InlineData("[ab]", "a", false)]
    [InlineData("[ab]", "[ab]", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    public void Glob_Matches(string pattern, string text, bool expected) => Assert.Equal(expected, Glob.Matches(pattern, text));

    [Fact]
    public void Glob_OfManyStars_EndsSoon()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Assert.False(Glob.Matches(string.Concat(Enumerable.Repeat("*a", 128)), new string('a', 4095) + "b"));
        Assert.True(watch.Elapsed < Testing.TestSettings.Within(TimeSpan.FromSeconds(2)), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("", "main", true)]
    [InlineData("main dev", "dev", true)]
    [InlineData("main dev", "other", false)]
    [InlineData("!wip/**", "main", true)]
    [InlineData("!wip/**", "wip/a", false)]
    [InlineData("** !wip/**", "wip/a", false)]
    public void Patterns_Allow(string patterns, string text, bool expected) =>
        Assert.Equal(expected, Patterns.Allow(patterns.Split(' ', StringSplitOptions.RemoveEmptyEntries), text));

    [Theory]
    [InlineData("$.a.b[1].c", "x")]
    [InlineData("$['odd name']", "y")]
    [InlineData("$.n", "1.50")]
    [InlineData("$.t", "true")]
    [InlineData("$.z", "null")]
    [InlineData("$.a", null)]
    [InlineData("$.a.b[7]", null)]
    [InlineData("$.missing", null)]
    [InlineData("$", null)]
    [InlineData("$.bad", null)]
    public void JsonPath_Finds(string path, string? expected)
    {
        using var document = JsonDocument.Parse(
            """{"a":{"b":[0,{"c":"x"}]},"odd name":"y","n":1.50,"t":true,"z":null,"bad":"\ud800"}""");

        Assert.True(JsonPath.IsRight(path));
        Assert.Equal(expected, JsonPath.Find(document.RootElement, path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("$a")]
    [InlineData("$..a")]
    [InlineData("$.*")]
    [InlineData("$[*]")]
    [InlineData("$[-1]")]
    [InlineData("$[0:1]")]
    [InlineData("$[12345]")]
    [InlineData("$[?(@.a)]")]
    [InlineData("$['a\u0000']")]
    [InlineData("$['a''b']")]
    [InlineData("$.a.b.c.d.e.f.g.h.i")]
    [InlineData("$.a\n")]
    public void JsonPath_OfMoreThanTheSubset_IsWrong(string path) => Assert.False(JsonPath.IsRight(path));

    [Fact]
    public void Filters_WhatCounts_IsToldFromTheRest()
    {
        var filters = new HookFilters { Branches = ["main"], Tags = true, TagNames = ["v*"], Paths = ["deploy/**"] };

        Assert.Null(filters.WhyNot(Push("main", "deploy/a/b")));
        Assert.Null(filters.WhyNot(new HookEvent(HookEventKind.Push, "main", "")));
        Assert.NotNull(filters.WhyNot(Push("main", "readme")));
        Assert.NotNull(filters.WhyNot(Push("dev", "deploy/a")));
        Assert.Null(filters.WhyNot(new HookEvent(HookEventKind.Tag, "v1", "")));
        Assert.NotNull(filters.WhyNot(new HookEvent(HookEventKind.Tag, "nightly", "")));
        Assert.NotNull(filters.WhyNot(new HookEvent(HookEventKind.Release, "v1", "")));
    }

    [Fact]
    public void Filters_Conditions_MustAllHold()
    {
        using var document = JsonDocument.Parse("""{"status":"passed","branch":"release/2"}""");
        var message = new HookMessage("call", [new HookEvent(HookEventKind.Call, "", "")]) { Root = document.RootElement };
        HookFilters With(params JsonCondition[] conditions) => new() { Conditions = conditions };

        Assert.Null(With(new("$.status", "passed"), new("$.branch", "release/*")).WhyNot(message));
        Assert.Contains("$.branch", With(new("$.status", "passed"), new("$.branch", "main")).WhyNot(message), StringComparison.Ordinal);
        Assert.NotNull(With(new JsonCondition("$.missing", "**")).WhyNot(message));
    }

    [Fact]
    public void Filters_WhatAProviderCantTell_IsSaid()
    {
        var bitbucket = HookProviders.Of(HookProvider.Bitbucket);

        Assert.Empty(new HookFilters { Branches = ["main"] }.Problems(bitbucket));
        Assert.Single(new HookFilters { Paths = ["a"] }.Problems(bitbucket));
        Assert.Single(new HookFilters { Releases = true }.Problems(bitbucket));
        Assert.Single(new HookFilters { Pushes = false }.Problems(bitbucket));
        Assert.Single(new HookFilters { Conditions = [new("$..a", "b")] }.Problems(bitbucket));
        Assert.Single(new HookFilters { Branches = [.. Enumerable.Repeat("a", 51)] }.Problems(bitbucket));
        Assert.Single(new HookFilters { Branches = ["!"] }.Problems(bitbucket));
        Assert.Equal(HookProviders.All.Select(info => info.Provider), Enum.GetValues<HookProvider>());
        Assert.Equal("main", HookFilters.Parse(new HookFilters { Branches = ["main"] }.ToJson()).Branches.Single());
    }

    [Theory]
    [InlineData("nginx", "docker.io library/nginx:latest")]
    [InlineData("octo/shop:stable", "docker.io octo/shop:stable")]
    [InlineData("docker.io/nginx:1", "docker.io library/nginx:1")]
    [InlineData("registry.example.com:5000/a/b:c", "registry.example.com:5000 a/b:c")]
    [InlineData("registry.example.com:5000/a", "registry.example.com:5000 a:latest")]
    [InlineData("ghcr.io/octo/shop:1@sha256:00", "ghcr.io octo/shop:")]
    public void StackImage_Parse_TakesTheNameApart(string name, string expected)
    {
        var image = StackImage.Parse(name);

        Assert.Equal(expected, $"{image.Registry} {image.Repository}:{image.Tag}");
    }

    [Fact]
    public void StackImage_Is_TellsWhatWasPushed()
    {
        var image = StackImage.Parse("registry.example.com/octo/shop:stable");

        Assert.True(image.Is("registry.example.com", "octo/shop", "stable"));
        Assert.True(image.Is("", "octo/shop", "stable"));
        Assert.False(image.Is("other.example.com", "octo/shop", "stable"));
        Assert.False(image.Is("", "octo/shop", "latest"));
        Assert.False(StackImage.Parse("octo/shop@sha256:00").Is("", "octo/shop", ""));
    }

    private static HookEvent Push(string branch, params string[] paths) => new(HookEventKind.Push, branch, "") { Paths = paths };
}
