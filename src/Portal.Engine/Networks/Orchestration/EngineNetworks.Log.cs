using Microsoft.Extensions.Logging;

namespace Portal.Engine.Networks.Orchestration;

internal sealed partial class EngineNetworks
{
    // ./portal bench networks reads this line.
    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "Container {ContainerId} has its network after {Milliseconds:F2} ms, {Waited:F3} of them waits in the kernel")]
    private partial void LogAttached(string containerId, double milliseconds, double waited);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The network of running container {ContainerId} is gone and can't be restored; restart the container")]
    private partial void LogSandboxLost(string containerId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A process of the host has bound port {Port}, which container {ContainerId} publishes; packets go to the container")]
    private partial void LogPortLost(int port, string containerId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Restoring the network of running container {ContainerId} failed; restart the container")]
    private partial void LogRepairFailed(string containerId, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Network {Network} can't be used: its parent interface {Parent} is not there or does not do it")]
    private partial void LogNetworkMissing(string network, string parent, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Removed a {Kind} that no container needs: {Name}")]
    private partial void LogStrayRemoved(string kind, string name);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Ports that every node answers at could not be brought in line; the next change tries again")]
    private partial void LogNotBalanced(Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Container {ContainerId} is ended although other nodes may lead connections to it: nobody confirmed within {Seconds} s")]
    private partial void LogStillLedTo(string containerId, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Taking back a step of a failed attach of container {ContainerId} failed; the rest goes at the next start")]
    private partial void LogUndoFailed(string containerId, Exception exception);
}
