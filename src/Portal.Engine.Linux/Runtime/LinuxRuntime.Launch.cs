using Portal.Engine.Linux.Runtime.Conmon;
using Portal.Engine.Linux.Runtime.Spec;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime;

internal sealed partial class LinuxRuntime
{
    /// <summary>Has the runtime make the container. Its program does not run yet when this returns.</summary>
    private async Task<int> LaunchAsync(RuntimeContainer container, MonitorRequest request, MonitorLaunch? waiting)
    {
        var (folder, runtime) = (request.Folder, request.Runtime);
        try
        {
            using var launch = waiting ?? launcher.Begin(request);
            await container.Ready.ConfigureAwait(false);
            var processId = await launcher.FinishAsync(launch).ConfigureAwait(false);
            if (request.Stdin && !container.OpenStdin)
            {
                await ProtectedNull.CloseInputAsync(folder).ConfigureAwait(false);
                ProtectedNull.AwaitEndOfInput(processId);
            }

            DomainName.Set(container, processId);
            return processId;
        }
        finally
        {
            if (request.Terminal && ProtectedNull.IsAtRisk(runtime))
            {
                ProtectedNull.Restore();
            }
        }
    }
}
