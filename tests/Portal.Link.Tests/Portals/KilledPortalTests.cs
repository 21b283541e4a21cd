using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Testing;

namespace Portal.Link.Tests.Portals;

/// <summary>
/// Programs, webhooks and deployments without pause, while one of two portals after the other is killed and started again: what was answered
/// is there, what was begun ends, and the node is never gone for long.
/// </summary>
[Trait("Area", "ha")]
public sealed class KilledPortalTests : IAsyncLifetime
{
    private static readonly TimeSpan s_longestGap = TestSettings.Within(TimeSpan.FromSeconds(5));
    private readonly TwoPortalsWorld _world = new();
    private readonly ConcurrentBag<string> _environments = [];
    private readonly ConcurrentBag<string> _deliveries = [];
    private readonly ConcurrentBag<string> _deployments = [];
    private readonly ConcurrentBag<string> _refused = [];
    private readonly ConcurrentBag<string> _containers = [];
    private TimeSpan _gap;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(_world.BeginAsync, DisposeAsync);

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task Kill_EitherPortalUnderLoad_LosesNothingThatWasAnswered()
    {
        using var enough = new CancellationTokenSource();
        Task[] load =
        [
            RepeatAsync(AddEnvironmentAsync, 50, enough.Token), RepeatAsync(DeliverAsync, 250, enough.Token),
            RepeatAsync(DeployAsync, 1500, enough.Token), RepeatAsync(MakeContainerAsync, 500, enough.Token),
            WatchNodeAsync(enough.Token),
        ];
        for (var round = 0; round < TestSettings.Rounds(1, 20); round++)
        {
            foreach (var portal in _world.Portals)
            {
                await GrowAsync(20);
                await portal.KillAsync();
                await GrowAsync(20);
                await portal.StartAsync();
                await Eventually.HoldsAsync(() => _world.IsOnlineAtAsync(portal), $"the node is online at '{portal.Name}' again");
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(load);
        Assert.Empty(_refused);
        await AssertAllThereAsync();
        Assert.True(_gap < s_longestGap, $"The node was not to be reached for {_gap.TotalSeconds:0.0} s.");
    }

    // So much was answered meanwhile, whatever the machine's pace.
    private async Task GrowAsync(int environments)
    {
        var (before, called, ordered) = (_environments.Count, _deliveries.Count, _deployments.Count);
        await Eventually.HoldsAsync(
            () =>
            {
                Assert.Empty(_refused);
                return _environments.Count >= before + environments && _deliveries.Count > called && _deployments.Count > ordered;
            },
            "requests are answered");
    }

    private async Task AssertAllThereAsync()
    {
        Assert.Empty(_environments.Except(await _world.ReadAsync("select name from environments")));
        Assert.Empty(_containers.Except((await _world.Docker.GetAsync("containers/json?all=1")).AsArray()
            .Select(container => (string)container!["Names"]![0]!)));

        await Eventually.HoldsAsync(
            async () => (await _world.ReadAsync("select id from webhook_deliveries where finished_at is null")).Count == 0,
            "all deliveries are worked on");
        Assert.Empty(_deliveries.Except(
            await _world.ReadAsync("select split_part(sender_key, ':', -1) from webhook_deliveries where state = 'done'")));

        await Eventually.HoldsAsync(
            async () => (await _world.ReadAsync("select id from deployments where finished_at is null")).Count == 0, "all deployments have ended");
        var ended = await _world.ReadAsync(
            $"select id from deployments where stack_id = '{_world.StackId}' and state in ('Succeeded', 'Superseded')");
        Assert.Empty(_deployments.Except(ended));
        var running = (await _world.Docker.GetAsync(
            $"containers/json?filters={Uri.EscapeDataString("""{"label":["com.docker.compose.project=web"]}""")}")).AsArray();
        Assert.Single(running);
    }

    private static async Task RepeatAsync(Func<CancellationToken, Task> work, int pause, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            try
            {
                // To its end: an answer that nobody waits for is none.
                await work(CancellationToken.None);
                await Task.Delay(pause, enough);
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
            {
                // Not answered, or enough.
            }
        }
    }

    private async Task AddEnvironmentAsync(CancellationToken cancellationToken)
    {
        var name = $"e-{Guid.NewGuid():N}";
        using var answer = await _world.Api.PostAsJsonAsync("/api/v1/environments", new { name, color = "teal" }, cancellationToken);
        await NoteAsync(answer, HttpStatusCode.Created, () => _environments.Add(name));
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        var key = $"{Guid.NewGuid():N}";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/{_world.Hook.Id}") { Content = JsonContent.Create(new { key }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _world.Hook.Secret);
        request.Headers.Add("X-Portal-Delivery", key);
        using var answer = await _world.Sender.SendAsync(request, cancellationToken);
        await NoteAsync(answer, HttpStatusCode.Accepted, () => _deliveries.Add(key));
    }

    private async Task DeployAsync(CancellationToken cancellationToken)
    {
        using var answer = await _world.Api.PostAsJsonAsync(
            $"/api/v1/stacks/{_world.StackId}/deployments", new { operation = "deploy", force = true }, cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        await NoteAsync(
            answer, HttpStatusCode.Created, () => _deployments.Add(JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!));
    }

    private async Task MakeContainerAsync(CancellationToken cancellationToken)
    {
        var name = $"c-{Guid.NewGuid():N}";
        using var answer = await _world.Api.PostAsJsonAsync(
            $"/api/v1/nodes/{_world.NodeId}/containers", new { image = "busybox", name }, cancellationToken);
        await NoteAsync(answer, HttpStatusCode.Created, () => _containers.Add("/" + name));
    }

    // A gateway without a portal, or a portal without the node, answers 5xx: not this time. Anything else is a mistake.
    private async Task NoteAsync(HttpResponseMessage answer, HttpStatusCode expected, Action note)
    {
        if (answer.StatusCode == expected)
        {
            note();
        }
        else if ((int)answer.StatusCode < 500)
        {
            _refused.Add($"{answer.RequestMessage!.RequestUri}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private async Task WatchNodeAsync(CancellationToken enough)
    {
        var lost = (long?)null;
        await RepeatAsync(
            async cancellationToken =>
            {
                var online = false;
                try
                {
                    online = (await _world.Api.GetStringAsync($"/api/v1/nodes/{_world.NodeId}", cancellationToken))
                        .Contains("\"online\"", StringComparison.OrdinalIgnoreCase);
                }
                finally
                {
                    var now = System.Diagnostics.Stopwatch.GetTimestamp();
                    lost = online ? null : lost ?? now;
                    var gap = lost is { } since ? System.Diagnostics.Stopwatch.GetElapsedTime(since, now) : TimeSpan.Zero;
                    _gap = gap > _gap ? gap : _gap;
                }
            },
            100,
            enough);
    }
}
