using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Deployments.Running;

/// <summary>A node that goes away in the middle comes back, or its agent does: what was being done is begun again then.</summary>
internal static class NodePatience
{
    /// <summary>Does something that can be begun again; each time that the node was away, once more.</summary>
    /// <exception cref="NodeAwayException">It was away for longer than that.</exception>
    public static async Task WhileAwayAsync(
        DeploymentTools tools, TimeSpan most, Func<Task> work, CancellationToken cancellationToken)
    {
        long? since = null;
        while (true)
        {
            var begun = tools.Time.GetTimestamp();
            try
            {
                await work();
                return;
            }
            catch (NodeAwayException)
            {
                // The time that counts is that without an answer: what took long and failed late had some.
                var wasShort = tools.Time.GetElapsedTime(begun) < tools.Options.Heartbeat;
                since = since is { } first && wasShort ? first : tools.Time.GetTimestamp();
                if (tools.Time.GetElapsedTime(since.Value) > most)
                {
                    throw;
                }

                await Task.Delay(tools.Options.Look, tools.Time, cancellationToken);
            }
        }
    }
}
