using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Testing.Survival;

namespace Portal.Engine.Linux.Tests.Survival;

/// <summary>An engine in this process looks and acts; one in a process of its own is there for the time of each kill.</summary>
internal sealed class KillableTestHost : IKillableEngine, IAsyncDisposable
{
    private readonly KernelEngine _engine;

    private KillableTestHost(KernelEngine engine) => _engine = engine;

    public InstancePlaces Places => InstancePlaces.Of(_engine.Instance);

    public static async Task<KillableTestHost> StartAsync() => new(await KernelEngine.StartAsync());

    public async Task<string> CreateAsync(string script)
    {
        var spec = new ContainerSpec { Image = "busybox", Command = ["sh", "-c", script], LogRotation = new LogRotation(50_000, 1000) };
        return (await _engine.Containers.CreateAsync(spec)).Id;
    }

    public Task StartAsync(string id) => _engine.Containers.StartAsync(id);

    public Task StopAsync(string id) => _engine.Containers.StopAsync(id);

    public Task RemoveAsync(string id) => _engine.Containers.RemoveAsync(id, force: true);

    public async Task<IReadOnlyList<SeenContainer>> ListAsync() =>
        [.. (await _engine.Containers.ListAsync()).Select(container => new SeenContainer(container.Id, container.State))];

    public async Task<SeenContainer> InspectAsync(string id)
    {
        var info = await _engine.Containers.InspectAsync(id);
        return new SeenContainer(info.Id, info.State, info.ExitCode, info.RestartCount);
    }

    public async Task<bool> IsUnknownAsync(string id)
    {
        var failure = await Record.ExceptionAsync(() => _engine.Containers.InspectAsync(id));
        return failure is EngineException { Kind: EngineErrorKind.NotFound };
    }

    public Task<string> LogAsync(string id) => _engine.LogAsync(id);

    public async Task<int> ExecAsync(string id, string script)
    {
        var exec = await _engine.Execs.CreateAsync(id, new ExecSpec { Command = ["sh", "-c", script] });
        await _engine.Execs.StartAsync(exec, detach: true);
        return await _engine.Execs.WaitAsync(exec);
    }

    public async Task KillDuringAsync(IReadOnlyList<KillStep> steps, TimeSpan after)
    {
        await _engine.EndAsync();
        await using (var killed = await EngineProcess.StartAsync(_engine.Instance))
        {
            foreach (var step in steps)
            {
                await killed.SendAsync("& " + CommandFor(step));
            }

            await Task.Delay(after);
            await killed.KillAsync();
        }

        await _engine.BeginAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // It takes everything away, also when a test failed while the other engine was at work.
        if (_engine.IsEnded)
        {
            await _engine.BeginAsync();
        }

        await _engine.DisposeAsync();
    }

    private static string CommandFor(KillStep step) => step switch
    {
        KillStep.Create create => $"create {RestartPolicyKind.No} {create.Script}",
        KillStep.Run run => $"run {run.Policy} {run.Script}",
        KillStep.Exec exec => $"exec {exec.Id} {exec.Script}",
        KillStep.Start start => $"start {start.Id}",
        KillStep.Stop stop => $"stop {stop.Id}",
        KillStep.Remove remove => $"remove {remove.Id}",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };
}
