using System.Threading.Channels;
using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>
/// Sends requests to agents in the order in which they were decided, without holding up who decided. A request that gets lost with its
/// connection needs no retry: the next connection is asked for all that still holds.
/// </summary>
/// <remarks>Singleton; any thread. One queue for each kind of feed.</remarks>
internal sealed partial class AgentCalls : IAsyncDisposable
{
    private readonly Channel<(ITelemetryAgent Agent, Func<ITelemetryAgent, Task> Call)> _calls =
        Channel.CreateUnbounded<(ITelemetryAgent, Func<ITelemetryAgent, Task>)>(new() { SingleReader = true });

    private readonly ILogger<AgentCalls> _logger;
    private readonly Task _sending;

    public AgentCalls(ILogger<AgentCalls> logger)
    {
        _logger = logger;
        _sending = SendAsync();
    }

    public void Post(ITelemetryAgent? agent, Func<ITelemetryAgent, Task> call)
    {
        if (agent is not null)
        {
            _calls.Writer.TryWrite((agent, call));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _calls.Writer.TryComplete();
        await _sending;
    }

    private async Task SendAsync()
    {
        await foreach (var (agent, call) in _calls.Reader.ReadAllAsync())
        {
            try
            {
                // A connection whose peer does not read must not hold up the others; its own buffers are bounded by SignalR.
                await call(agent).WaitAsync(TimeSpan.FromSeconds(1));
            }
            catch (Exception failure)
            {
                LogLost(failure);
            }
        }
    }

    [LoggerMessage(2140, LogLevel.Debug, "A request to an agent was lost with its connection.")]
    private partial void LogLost(Exception failure);
}
