using System.Text;
using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>
/// Watches what was deployed for a while: containers that end badly, start over and over or are not healthy mean that it failed. One
/// that ends well and is not to be started again has done its work.
/// </summary>
internal static class ServiceWatch
{
    private const int LinesOfLog = 20;

    /// <exception cref="ContainerFailedException">One of the containers does not do its work.</exception>
    public static async Task RunAsync(ApplyContext context, CancellationToken cancellationToken)
    {
        var window = context.Project.Services.Select(service => service.Update.Monitor).Append(context.Options.Watch).Max();
        var before = new Dictionary<string, int>(StringComparer.Ordinal);
        var begun = context.Time.GetTimestamp();
        while (true)
        {
            var waits = 0;
            foreach (var at in context.Nodes)
            {
                foreach (var look in await LookAsync(at, cancellationToken))
                {
                    Judge(at, look, before);
                    waits += look.Health == "starting" || look.State is "restarting" or "created" ? 1 : 0;
                }
            }

            var elapsed = context.Time.GetElapsedTime(begun);
            if (waits == 0 && elapsed >= window)
            {
                return;
            }

            if (elapsed > window + context.Options.Health)
            {
                throw new ContainerFailedException("", $"{waits} containers were not healthy after {elapsed.TotalMinutes:0.#} minutes.");
            }

            await context.PauseAsync(cancellationToken);
        }
    }

    /// <summary>The last lines that a container wrote, for the deployment's log: it may be gone soon.</summary>
    public static async Task<IReadOnlyList<string>> LastLinesAsync(
        NodeDocker node, string container, CancellationToken cancellationToken)
    {
        try
        {
            var query = $"?stdout=1&stderr=1&tail={LinesOfLog}";
            var bytes = await node.SendAsync(
                "GET", $"/containers/{container}/logs", query, null, null, "Reading the log", cancellationToken);
            return [.. Text(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(LinesOfLog)];
        }
        catch (Exception failure) when (failure is NodeRefusalException or NodeAwayException)
        {
            return [$"Its log could not be read: {failure.Message}"];
        }
    }

    private static async Task<IReadOnlyList<ContainerLook>> LookAsync(ApplyContext context, CancellationToken cancellationToken)
    {
        var situation = await NodeSituation.ReadAsync(context.Node, cancellationToken);
        var looks = new List<ContainerLook>();
        foreach (var service in context.Project.Services)
        {
            var own = situation.Of(context.Project.Name).Select(container => container.ForPlan())
                .Where(container => !container.IsOneOff && container.Service == service.Name).ToArray();
            var wanted = context.WantedOf(service);
            if (own.Length < wanted)
            {
                var where = context.Target.IsSpread ? $" on '{context.Node.NodeName}'" : "";
                throw new ContainerFailedException(
                    "", $"The service '{service.Name}' has {own.Length} containers of {wanted}{where}: somebody else removes them.");
            }

            foreach (var container in own)
            {
                looks.Add(await ContainerLook.AtAsync(context.Node, container.Id, cancellationToken));
            }
        }

        return looks;
    }

    private static void Judge(ApplyContext context, ContainerLook look, Dictionary<string, int> before)
    {
        var why = look.Health == "unhealthy" ? $"is unhealthy: {look.HealthOutput}"
            : look.HasEnded && !look.IsDone ? $"{look}: {look.Error}"
            : before.TryGetValue(look.Id, out var restarts) && look.Restarts > restarts
                ? $"starts over and over; it last ended with code {look.ExitCode}"
            : null;
        before.TryAdd(look.Id, look.Restarts);
        if (why is not null)
        {
            throw new ContainerFailedException(look.Id, $"The container {look.Name} {why.TrimEnd(' ', ':', '\n')}.")
            {
                Node = context.Node,
            };
        }
    }

    // Without a terminal each piece has a head of eight bytes.
    private static string Text(byte[] bytes)
    {
        var text = new StringBuilder();
        var at = 0;
        while (at + 8 <= bytes.Length && bytes[at] is 1 or 2 && bytes.AsSpan(at + 1, 3).IndexOfAnyExcept((byte)0) < 0)
        {
            var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 4));
            if (length < 0 || length > bytes.Length - at - 8)
            {
                break;
            }

            text.Append(Encoding.UTF8.GetString(bytes.AsSpan(at + 8, length)));
            at += 8 + length;
        }

        return at == 0 ? Encoding.UTF8.GetString(bytes) : text.ToString();
    }
}
