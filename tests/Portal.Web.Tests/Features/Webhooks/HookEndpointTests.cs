using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Webhooks;

namespace Portal.Web.Tests.Features.Webhooks;

/// <summary>What senders send, right and wrong, over HTTP.</summary>
[Collection(HookCollection.Name)]
public sealed class HookEndpointTests(HookPortal portal)
{
    [Theory]
    [InlineData(HookProvider.GitHub, "X-GitHub-Event", "push", HookPayloads.GitHubPush, DeploymentCause.Webhook)]
    [InlineData(HookProvider.GitLab, "X-Gitlab-Event", "Push Hook", HookPayloads.GitLabPush, DeploymentCause.Webhook)]
    [InlineData(HookProvider.Gitea, "X-Gitea-Event", "push", HookPayloads.GiteaPush, DeploymentCause.Webhook)]
    [InlineData(HookProvider.Bitbucket, "X-Event-Key", "repo:push", HookPayloads.BitbucketPush, DeploymentCause.Webhook)]
    [InlineData(HookProvider.DockerHub, "X-Nothing", "", HookPayloads.DockerHub, DeploymentCause.Image)]
    [InlineData(HookProvider.GitHubPackages, "X-GitHub-Event", "registry_package", HookPayloads.GitHubPackage, DeploymentCause.Image)]
    [InlineData(HookProvider.Distribution, "X-Nothing", "", HookPayloads.Distribution, DeploymentCause.Image)]
    [InlineData(HookProvider.Harbor, "X-Nothing", "", HookPayloads.Harbor, DeploymentCause.Image)]
    [InlineData(HookProvider.Azure, "X-Nothing", "", HookPayloads.Azure, DeploymentCause.Image)]
    public async Task Post_GoodDeliveryOfEachProvider_IsKeptAndCausesADeployment(
        HookProvider provider, string header, string name, string body, DeploymentCause cause)
    {
        var stack = await portal.AddStackAsync(provider switch
        {
            HookProvider.GitHubPackages => "ghcr.io/octo/shop:stable",
            HookProvider.Distribution => "registry.example.com:5000/octo/shop:stable",
            HookProvider.Harbor => "harbor.example.com/octo/shop:stable",
            HookProvider.Azure => "octo.azurecr.io/octo/shop:stable",
            _ => "octo/shop:stable",
        });
        var (hook, secret, _) = await portal.AddHookAsync(provider, null, stack);
        using var sender = portal.CreateSender();
        using var message = HookPortal.Message(
            provider == HookProvider.DockerHub ? $"{hook}?token={secret}" : hook.ToString(), body);
        message.Headers.Add(header, name);
        message.Headers.Add(
            provider switch
            {
                HookProvider.GitHub or HookProvider.GitHubPackages => "X-Hub-Signature-256",
                HookProvider.GitLab => "X-Gitlab-Token",
                HookProvider.Gitea => "X-Gitea-Signature",
                HookProvider.Bitbucket => "X-Hub-Signature",
                _ => "Authorization",
            },
            provider switch
            {
                HookProvider.GitHub or HookProvider.GitHubPackages or HookProvider.Bitbucket =>
                    "sha256=" + HookSignaturesTests.Hmac(secret, body),
                HookProvider.GitLab => secret,
                HookProvider.Gitea => HookSignaturesTests.Hmac(secret, body),
                _ => "Bearer " + secret,
            });

        using var answer = await sender.SendAsync(message);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var delivery = await portal.FinishedAsync(hook);
        Assert.Equal((HookState.Done, 1), (delivery.State, delivery.Attempts));
        var (id, order) = Assert.Single(portal.OrdersOf(stack));
        Assert.Equal(
            (id, cause, (Guid?)null, PullPolicy.Always),
            (delivery.DeploymentId!.Value, order.Cause, order.ActorId, order.PullPolicy));
        Assert.DoesNotContain(secret, delivery.Headers, StringComparison.Ordinal);
        Assert.Equal(body, Encoding.UTF8.GetString(delivery.Body!));
    }

    [Fact]
    public async Task Post_UnknownWrongAndSwitchedOff_AreAnsweredAlikeAndOnRecord()
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub);
        var (off, offSecret, _) = await portal.AddHookAsync(HookProvider.GitHub);
        await portal.Directory.SetEnabledAsync(portal.Deployer, off, false, default);
        HttpRequestMessage[] messages =
        [
            HookPortal.GitHub(Guid.NewGuid(), secret, HookPayloads.GitHubPush),
            HookPortal.Message("no-id-at-all", HookPayloads.GitHubPush),
            HookPortal.GitHub(hook, secret + "x", HookPayloads.GitHubPush),
            HookPortal.Message(hook.ToString(), HookPayloads.GitHubPush),
            HookPortal.Message(hook.ToString(), "{"),
            HookPortal.GitHub(off, offSecret, HookPayloads.GitHubPush),
        ];
        var answers = new HashSet<string>();
        foreach (var message in messages)
        {
            using var sender = portal.CreateSender();
            using var answer = await sender.SendAsync(message);
            var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date")
                .Select(header => $"{header.Key}={string.Join(',', header.Value)}").Order();
            answers.Add($"{(int)answer.StatusCode} {string.Join(' ', headers)} {await answer.Content.ReadAsStringAsync()}");
        }

        Assert.StartsWith("404 ", Assert.Single(answers), StringComparison.Ordinal);
        Assert.Empty(await portal.DeliveriesAsync(hook));
        Assert.Empty(await portal.DeliveriesAsync(off));
        Assert.Empty(portal.OrdersOf(stack));
        await using var database = await portal.Application.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>()
            .CreateDbContextAsync();
        var denied = await database.AuditLog.Where(row => row.Action == "webhook.deliver" && row.Outcome == "denied").ToListAsync();
        Assert.Contains(denied, row => row.ObjectId == hook.ToString() && row.Address.StartsWith("127.77.", StringComparison.Ordinal));
        Assert.Contains(denied, row => row.ObjectId == off.ToString());
    }

    [Fact]
    public async Task Post_TheSameTwice_IsKeptOnce()
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub);
        using var sender = portal.CreateSender();
        var body = HookPortal.PushOf();
        var first = await ReadAsync(await sender.SendAsync(HookPortal.GitHub(hook, secret, body, "one")), 202);
        var again = await ReadAsync(await sender.SendAsync(HookPortal.GitHub(hook, secret, body, "one")), 200);

        // Who has caught one can't send it under another name; and a name is good for one body.
        var renamed = await ReadAsync(await sender.SendAsync(HookPortal.GitHub(hook, secret, body, "two")), 200);
        var reused = await ReadAsync(await sender.SendAsync(HookPortal.GitHub(hook, secret, HookPortal.PushOf(), "one")), 200);

        Assert.Equal([first, first, first], [again, renamed, reused]);
        var delivery = await portal.FinishedAsync(hook);
        Assert.Equal((first, 3), (delivery.Id, (await portal.DeliveriesAsync(hook))[0].Copies));
        Assert.Single(portal.OrdersOf(stack));
    }

    [Fact]
    public async Task Post_TheSameManyTimesAtOnceToTwoPortals_IsKeptOnce()
    {
        await using var other = portal.CreatePortal();
        await other.StartAsync(default);
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub);
        var body = HookPortal.PushOf();
        using var one = portal.CreateSender();
        using var two = portal.CreateSender(other.Address);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            (number % 2 == 0 ? one : two).SendAsync(HookPortal.GitHub(hook, secret, body, "same"))));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted));
        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode));
        await portal.FinishedAsync(hook);
        Assert.Single(portal.OrdersOf(stack));
        await other.StopAsync(default);
    }

    [Fact]
    public async Task Post_SignedTooLongAgo_IsRefusedAndNotKept()
    {
        var (hook, secret, _) = await portal.AddHookAsync(HookProvider.Generic);
        using var sender = portal.CreateSender();
        var now = TimeProvider.System.GetUtcNow();

        using var late = await sender.SendAsync(HookPortal.Generic(hook, secret, "{}", now.AddMinutes(-6)));
        using var early = await sender.SendAsync(HookPortal.Generic(hook, secret, "{}", now.AddMinutes(6)));
        Assert.Equal((400, 400), ((int)late.StatusCode, (int)early.StatusCode));
        Assert.Empty(await portal.DeliveriesAsync(hook));

        var time = now.AddSeconds(-30);
        await ReadAsync(await sender.SendAsync(HookPortal.Generic(hook, secret, "{}", time)), 202);
        await ReadAsync(await sender.SendAsync(HookPortal.Generic(hook, secret, "{}", time)), 200);
        await ReadAsync(await sender.SendAsync(HookPortal.Generic(hook, secret, "{}", time.AddSeconds(1))), 202);
        Assert.Equal(2, (await portal.DeliveriesAsync(hook)).Count);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"ref":1}""")]
    [InlineData("""{"ref":"refs/heads/a","ref":"refs/heads/main","after":"1"}""")]
    public async Task Post_MalformedButSigned_IsKeptForWhoLooksAndDoesNothing(string body)
    {
        var (hook, secret, stack) = await portal.AddHookAsync(HookProvider.GitHub);
        using var sender = portal.CreateSender();

        using var answer = await sender.SendAsync(HookPortal.GitHub(hook, secret, body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var delivery = await portal.FinishedAsync(hook);
        Assert.Equal(HookState.Malformed, delivery.State);
        Assert.Empty(portal.OrdersOf(stack));
        await Assert.ThrowsAsync<HookException>(() => portal.Directory.RedeliverAsync(portal.Deployer, hook, delivery.Id, default));
    }

    [Fact]
    public async Task Post_HugeDeepOrOfAnotherKind_IsRefused()
    {
        var (hook, secret, _) = await portal.AddHookAsync(HookProvider.GitHub);
        using var sender = portal.CreateSender();
        var huge = $$"""{"a":"{{new string('x', 1 << 20)}}"}""";
        using var sized = await sender.SendAsync(HookPortal.GitHub(hook, secret, huge));
        using var chunked = HookPortal.GitHub(hook, secret, huge);
        chunked.Headers.TransferEncodingChunked = true;
        using var unsized = await sender.SendAsync(chunked);
        Assert.Equal((413, 413), ((int)sized.StatusCode, (int)unsized.StatusCode));

        using var text = HookPortal.GitHub(hook, secret, "{}");
        text.Content!.Headers.ContentType = new("text/plain");
        using var latin = HookPortal.GitHub(hook, secret, "{}");
        latin.Content!.Headers.ContentType = new("application/json") { CharSet = "iso-8859-1" };
        Assert.Equal(415, (int)(await sender.SendAsync(text)).StatusCode);
        Assert.Equal(415, (int)(await sender.SendAsync(latin)).StatusCode);
        Assert.Empty(await portal.DeliveriesAsync(hook));

        var deep = new string('[', 100_000) + new string(']', 100_000);
        Assert.Equal(400, (int)(await sender.SendAsync(HookPortal.GitHub(hook, secret, deep))).StatusCode);
        Assert.Equal(HookState.Malformed, (await portal.FinishedAsync(hook)).State);
    }

    [Fact]
    public async Task Post_ManyWrongOnes_AreHeldBackFromThatClientAlone()
    {
        var (hook, secret, _) = await portal.AddHookAsync(HookProvider.GitHub);
        using var attacker = portal.CreateSender();
        using var sender = portal.CreateSender();
        var answers = new List<int>();
        for (var i = 0; i < 22; i++)
        {
            using var answer = await attacker.SendAsync(HookPortal.GitHub(hook, "wrong", "{}"));
            answers.Add((int)answer.StatusCode);
        }

        Assert.Equal([.. Enumerable.Repeat(404, 20), 429, 429], answers);
        Assert.Equal(429, (int)(await attacker.SendAsync(HookPortal.GitHub(hook, secret, HookPortal.PushOf()))).StatusCode);
        Assert.Equal(202, (int)(await sender.SendAsync(HookPortal.GitHub(hook, secret, HookPortal.PushOf()))).StatusCode);

        // The same address goes on with what is right.
        var (other, otherSecret, _) = await portal.AddHookAsync(HookProvider.GitHub);
        Assert.Equal(202, (int)(await attacker.SendAsync(HookPortal.GitHub(other, otherSecret, HookPortal.PushOf()))).StatusCode);
    }

    [Fact]
    public async Task Post_BehindAPathPrefixWithCookiesAndAForeignOrigin_IsTaken()
    {
        var (hook, secret, _) = await portal.AddHookAsync(HookProvider.GitHub);
        using var sender = portal.CreateSender();
        using var message = HookPortal.GitHub(hook, secret, HookPortal.PushOf());
        message.Headers.Add("Origin", "https://elsewhere.example.com");
        message.Headers.Add("Cookie", "portal-session=nonsense");

        using var answer = await sender.SendAsync(message);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Post_WhatARegistryTellsOfPulls_IsNotKept()
    {
        var (hook, secret, _) = await portal.AddHookAsync(HookProvider.Distribution);
        using var sender = portal.CreateSender();
        using var message = HookPortal.Message(
            hook.ToString(), """{"events":[{"action":"pull","target":{"repository":"a","tag":"b"}}]}""");
        message.Headers.Authorization = new("Bearer", secret);

        Assert.Equal(200, (int)(await sender.SendAsync(message)).StatusCode);
        Assert.Empty(await portal.DeliveriesAsync(hook));
    }

    private static async Task<Guid> ReadAsync(HttpResponseMessage answer, int status)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("delivery").GetGuid();
    }
}
