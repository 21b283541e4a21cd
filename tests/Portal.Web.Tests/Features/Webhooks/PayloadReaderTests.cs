using System.Text;
using Portal.Testing.Fuzzing;
using Portal.Web.Features.Webhooks;
using Portal.Web.Features.Webhooks.Payloads;

namespace Portal.Web.Tests.Features.Webhooks;

public sealed class PayloadReaderTests
{
    [Theory]
    [InlineData(HookProvider.GitHub, "x-github-event", "push", HookPayloads.GitHubPush, "push to main (3f2c1ab9d0e8)")]
    [InlineData(HookProvider.GitHub, "x-github-event", "release", HookPayloads.GitHubRelease, "release v2.1.0")]
    [InlineData(HookProvider.GitLab, "x-gitlab-event", "Push Hook", HookPayloads.GitLabPush, "push to main (3f2c1ab9d0e8)")]
    [InlineData(HookProvider.GitLab, "x-gitlab-event", "Tag Push Hook", HookPayloads.GitLabTag, "tag v1.0.0")]
    [InlineData(HookProvider.GitLab, "x-gitlab-event", "Release Hook", HookPayloads.GitLabRelease, "release v1.1.0")]
    [InlineData(HookProvider.Gitea, "x-gitea-event", "push", HookPayloads.GiteaPush, "push to release/1 (3f2c1ab9d0e8)")]
    [InlineData(HookProvider.Gitea, "x-forgejo-event", "release", HookPayloads.GiteaRelease, "release v3.0")]
    [InlineData(HookProvider.Bitbucket, "x-event-key", "repo:push", HookPayloads.BitbucketPush, "push to main (3f2c1ab9d0e8), tag v4")]
    [InlineData(HookProvider.Bitbucket, "x-event-key", "repo:refs_changed", HookPayloads.BitbucketRefs, "push to main (3f2c1ab9d0e8)")]
    [InlineData(HookProvider.DockerHub, "", "", HookPayloads.DockerHub, "image docker.io/octo/shop:stable")]
    [InlineData(HookProvider.Distribution, "", "", HookPayloads.Distribution, "image registry.example.com:5000/octo/shop:stable")]
    [InlineData(HookProvider.Azure, "", "", HookPayloads.Azure, "image octo.azurecr.io/octo/shop:stable")]
    [InlineData(HookProvider.Harbor, "", "", HookPayloads.Harbor, "image harbor.example.com/octo/shop:stable")]
    [InlineData(HookProvider.Harbor, "", "", HookPayloads.HarborByDigest, "")]
    [InlineData(HookProvider.GitHubPackages, "x-github-event", "registry_package", HookPayloads.GitHubPackage, "image ghcr.io/octo/shop:stable")]
    [InlineData(HookProvider.Generic, "", "", """{"status":"passed"}""", "call")]
    public void Read_WhatTheProviderDocuments_SaysWhatHappened(
        HookProvider provider, string header, string name, string body, string expected)
    {
        var message = Read(provider, header, name, body);

        Assert.Equal(expected, string.Join(", ", message.Events.Select(happened => happened.Text)));
        Assert.Equal(expected.Length == 0, message.Nothing.Length > 0);
    }

    [Theory]
    [InlineData(HookProvider.GitHub, "x-github-event", "ping", """{"zen":"Design for failure.","hook_id":1}""")]
    [InlineData(HookProvider.GitHub, "x-github-event", "issues", """{"action":"opened"}""")]
    [InlineData(HookProvider.GitHub, "x-github-event", "release", """{"action":"created","release":{"tag_name":"v1"}}""")]
    [InlineData(HookProvider.GitHub, "x-github-event", "push",
        """{"ref":"refs/heads/gone","after":"0000000000000000000000000000000000000000","deleted":true}""")]
    [InlineData(HookProvider.GitLab, "x-gitlab-event", "Issue Hook", """{"object_kind":"issue"}""")]
    [InlineData(HookProvider.Bitbucket, "x-event-key", "diagnostics:ping", """{"test":true}""")]
    [InlineData(HookProvider.Azure, "", "", """{"id":"1","action":"ping"}""")]
    [InlineData(HookProvider.Harbor, "", "", """{"type":"PULL_ARTIFACT","event_data":{}}""")]
    [InlineData(HookProvider.GitHubPackages, "x-github-event", "registry_package",
        """{"action":"published","registry_package":{"name":"lib","package_type":"npm","package_version":{"version":"1.0.0"}}}""")]
    public void Read_WhatNoStackFollows_SaysWhy(HookProvider provider, string header, string name, string body)
    {
        var message = Read(provider, header, name, body);

        Assert.Empty(message.Events);
        Assert.EndsWith(".", message.Nothing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HookProvider.GitHub, HookPayloads.GitHubPush, "deploy/new.yaml compose.yaml")]
    [InlineData(HookProvider.GitLab, HookPayloads.GitLabPush, "CHANGELOG app/compose.yaml")]
    [InlineData(HookProvider.Gitea, HookPayloads.GiteaPush, "old.yaml")]
    public void Read_Push_NamesTheFiles(HookProvider provider, string body, string expected)
    {
        Assert.Equal(expected.Split(' '), ReadPush(provider, body).Paths);
    }

    [Theory]
    [InlineData("\"forced\":false", "\"forced\":true")]
    [InlineData("6113728f27ae82c7b1a177c8d03f9e96e0adf246", "0000000000000000000000000000000000000000")]
    [InlineData("\"commits\":[{", "\"nothing\":[{")]
    public void Read_PushThatMayHaveChangedMore_NamesNoFiles(string old, string changed)
    {
        Assert.Null(ReadPush(HookProvider.GitHub, HookPayloads.GitHubPush.Replace(old, changed, StringComparison.Ordinal)).Paths);
    }

    [Fact]
    public void Read_GitLabPushOfMoreCommitsThanStandThere_NamesNoFiles()
    {
        var body = HookPayloads.GitLabPush.Replace("\"total_commits_count\":1", "\"total_commits_count\":21", StringComparison.Ordinal);

        Assert.Null(ReadPush(HookProvider.GitLab, body).Paths);
    }

    [Fact]
    public void Read_GitHubsForm_IsRead()
    {
        var body = "payload=" + Uri.EscapeDataString(HookPayloads.GitHubPush);
        var headers = new Dictionary<string, string>
        {
            ["x-github-event"] = "push", ["content-type"] = "application/x-www-form-urlencoded",
        };

        Assert.Equal("main", PayloadReader.Read(HookProvider.GitHub, headers, Encoding.UTF8.GetBytes(body)).Events.Single().Name);
        Assert.Throws<HookPayloadException>(() => PayloadReader.Read(HookProvider.Gitea, headers, Encoding.UTF8.GetBytes(body)));
        Assert.Throws<HookPayloadException>(() => PayloadReader.Read(HookProvider.GitHub, headers, "payload=%7B&payload=%7B"u8.ToArray()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("""{"ref":"refs/heads/main","ref":"refs/heads/other"}""")]
    [InlineData("""{"ref":"main","after":"1"}""")]
    [InlineData("""{"ref":["refs/heads/main"]}""")]
    [InlineData("""{"ref":"refs/heads/\ud800"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    public void Read_NoPush_IsRefused(string body)
    {
        Assert.Throws<HookPayloadException>(() => Read(HookProvider.GitHub, "x-github-event", "push", body));
    }

    [Fact]
    public void Read_TooDeep_IsRefused()
    {
        var deep = new string('[', 33) + new string(']', 33);

        Assert.Throws<HookPayloadException>(() => Read(HookProvider.Generic, "", "", deep));
        Read(HookProvider.Generic, "", "", deep[1..^1]);
    }

    [Fact]
    public void Read_SpoiledBodies_AreReadOrRefused()
    {
        (HookProvider Provider, string Event, string Body)[] bodies =
        [
            (HookProvider.GitHub, "push", HookPayloads.GitHubPush), (HookProvider.GitLab, "Push Hook", HookPayloads.GitLabPush),
            (HookProvider.Gitea, "push", HookPayloads.GiteaPush), (HookProvider.Bitbucket, "repo:push", HookPayloads.BitbucketPush),
            (HookProvider.DockerHub, "", HookPayloads.DockerHub), (HookProvider.Distribution, "", HookPayloads.Distribution),
            (HookProvider.Harbor, "", HookPayloads.Harbor), (HookProvider.Azure, "", HookPayloads.Azure),
            (HookProvider.GitHubPackages, "registry_package", HookPayloads.GitHubPackage),
        ];
        Fuzzer.Run(900, mutator =>
        {
            var (provider, name, body) = bodies[mutator.Random.Next(bodies.Length)];
            var spoiled = mutator.Random.Next(2) == 0 ? mutator.Json(body) : mutator.Bytes(Encoding.UTF8.GetBytes(body));
            var headers = new Dictionary<string, string>
            {
                ["x-github-event"] = name, ["x-gitlab-event"] = name, ["x-gitea-event"] = name, ["x-event-key"] = name,
            };
            try
            {
                var message = PayloadReader.Read(provider, headers, spoiled);
                Assert.All(message.Events, happened => Assert.DoesNotContain(happened.Text, char.IsControl));
            }
            catch (HookPayloadException)
            {
                // It says so.
            }
        });
    }

    private static HookEvent ReadPush(HookProvider provider, string body) => PayloadReader.Read(
        provider,
        new Dictionary<string, string> { ["x-github-event"] = "push", ["x-gitlab-event"] = "Push Hook", ["x-gitea-event"] = "push" },
        Encoding.UTF8.GetBytes(body)).Events.Single();

    private static HookMessage Read(HookProvider provider, string header, string name, string body) => PayloadReader.Read(
        provider, new Dictionary<string, string> { [header] = name, ["content-type"] = "application/json" }, Encoding.UTF8.GetBytes(body));
}
