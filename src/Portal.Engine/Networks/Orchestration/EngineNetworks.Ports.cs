using Portal.Engine.Networks.Ports;

namespace Portal.Engine.Networks.Orchestration;

internal sealed partial class EngineNetworks
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs what may take ports of the host, for a moment again and again where one of them was ours until just now.</summary>
    private async Task<NetworkSandbox> TakePortsAsync(
        string containerId, Func<NetworkSandbox> operation, CancellationToken cancellationToken)
    {
        var begun = _clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await _gate.RunAsync(containerId, operation, cancellationToken).ConfigureAwait(false);
            }
            catch (Errors.EngineException refusal)
                when (refusal.InnerException is LingeringPortException && _clock.GetElapsedTime(begun) < ReleasedPorts.Moment)
            {
                // What it had done is undone.
            }

            await Task.Delay(s_pause, _clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
