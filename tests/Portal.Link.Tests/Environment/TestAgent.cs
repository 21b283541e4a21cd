using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Agent.Hosting;
using Portal.Agent.Link;
using Portal.Agent.Tests.Fakes;
using Portal.Testing;

namespace Portal.Link.Tests.Environment;

/// <summary>A whole agent in this process, but for its engine.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private readonly TestInstance _instance = new();
    private IHost? _host;

    public TestAgent()
    {
        Settings = new AgentSettings { Data = _instance.DataRoot, Run = _instance.RunRoot };
    }

    public AgentSettings Settings { get; }

    public FakeEngine Engine { get; } = new();

    public IdentityStore Identities => new(Settings.Paths.Identity);

    public LinkReport Status => LinkStatus.Read(Settings.Paths.Status) ?? LinkReport.None;

    public async Task<Guid> JoinAsync(Uri url, string token)
    {
        var identity = await new JoinClient(Identities).JoinAsync(url.ToString(), token, default);
        return identity.NodeId;
    }

    public async Task StartAsync(Action<IServiceCollection>? overrides = null)
    {
        _host = AgentApplication.Build(Settings, services =>
        {
            overrides?.Invoke(services);
            Engine.AddTo(services);
            services.AddLogging(logging => logging.ClearProviders());
        });
        await _host.StartAsync();
    }

    public async Task StopAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await host.StopAsync(soon.Token);
            host.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            await _instance.DisposeAsync();
        }
    }
}
