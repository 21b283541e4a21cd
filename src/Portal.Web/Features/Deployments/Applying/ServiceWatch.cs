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

    /// <summary>All of the project's, until they have done their work for long enough; what failed and may is let be.</summary>
    /// <exception cref="ContainerFailedException">One of the containers does not do its work.</exception>
    /// <exception cref="DeploymentPausedException">The same, and the file wants to stop there.</exception>
    public static async Task RunAsync(ApplyContext context, CancellationToken cancellationToken)
    {
        var window = context.Project.Services.Select(service => service.Update.Monitor).Append(context.Options.Watch).Max();
        var services = context.Project.Services.ToDictionary(
            service => service.Name,
            service => new ServiceFailures(context, service, Math.Max(1, context.Nodes.Sum(at => at.WantedOf(service)))));
        var before = new Dictionary<string, int>(StringComparer.Ordinal);
        var failed = new HashSet<string>(StringComparer.Ordinal);
        var begun = context.Time.GetTimestamp();
        while (true)
        {
            var elapsed = context.Time.GetElapsedTime(begun);
            var isOver = elapsed > window + context.Options.Health;
            var (waits, failures) = (0, new List<(string Service, Exception Failure)>());
            foreach (var at in context.Nodes)
            {
                foreach (var one in (await LookAsync(at, cancellationToken)).Where(one => !failed.Contains(one.Key)))
                {
                    if ((one.Missing ?? Judge(at, one.Look!, before) ?? (isOver ? Late(at, one.Look!, elapsed) : null)) is { } failure)
                    {
                        failed.Add(one.Key);
                        failures.Add((one.Service, failure));
                    }
                    else
                    {
                        waits += Waits(one.Look!) ? 1 : 0;
                    }
                }
            }

            foreach (var group in failures.GroupBy(one => one.Service, one => one.Failure))
            {
                await services[group.Key].CountAsync([.. group], cancellationToken);
            }

            if (waits == 0 && elapsed >= window)
            {
                return;
            }

            await context.PauseAsync(cancellationToken);
        }
    }

    /// <summary>Some that were just made, for a time.</summary>
    /// <returns>How those failed that did.</returns>
    public static async Task<IReadOnlyList<Exception>> OverAsync(
        IReadOnlyList<(ApplyContext At, string Container)> made, TimeSpan time, CancellationToken cancellationToken)
    {
        var before = new Dictionary<string, int>(StringComparer.Ordinal);
        var failures = new Dictionary<string, Exception>(StringComparer.Ordinal);
        var begun = made.Count > 0 ? made[0].At.Time.GetTimestamp() : 0;
        while (time > TimeSpan.Zero && failures.Count < made.Count)
        {
            var elapsed = made[0].At.Time.GetElapsedTime(begun);
            foreach (var (at, container) in made.Where(one => !failures.ContainsKey(one.Container)))
            {
                // One that somebody removed meanwhile has failed too.
                Exception? judged = null;
                var gone = await ServiceFailures.OfAsync(
                    async () => judged = Judge(at, await ContainerLook.AtAsync(at.Node, container, cancellationToken), before));
                if ((gone ?? judged) is { } failure)
                {
                    failures[container] = failure;
                }
            }

            if (elapsed >= time)
            {
                break;
            }

            await made[0].At.PauseAsync(cancellationToken);
        }

        return [.. failures.Values];
    }

    /// <summary>The last lines that a container wrote, for the deployment's log: it may be gone soon.</summary>
    public static async Task<IReadOnlyList<string>> LastLinesAsync(
        NodeDocker node, string container, CancellationToken cancellationToken)
    {
        try
        {
            var query = $"?stdout=1&stderr=1&tail={LinesOfLog}";
            var bytes = await node.SendAsync(
                "GET", $"/containers/{container}/logs", query, null, null, N("Reading the log"), cancellationToken);
            return [.. Text(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(LinesOfLog)];
        }
        catch (Exception failure) when (failure is NodeRefusalException or NodeAwayException)
        {
            return [E("Its log could not be read: {0:said}", failure.Message)];
        }
    }

    private sealed record Seen(string Service, string Key, ContainerLook? Look, Exception? Missing);

    private static async Task<IReadOnlyList<Seen>> LookAsync(ApplyContext context, CancellationToken cancellationToken)
    {
        var situation = await NodeSituation.ReadAsync(context.Node, cancellationToken);
        var seen = new List<Seen>();
        foreach (var service in context.Project.Services)
        {
            var own = situation.Of(context.Project.Name).Select(container => container.ForPlan())
                .Where(container => !container.IsOneOff && container.Service == service.Name).ToArray();
            foreach (var container in own)
            {
                var look = await ContainerLook.AtAsync(context.Node, container.Id, cancellationToken);
                seen.Add(new Seen(service.Name, container.Id, look, null));
            }

            var wanted = context.WantedOf(service);
            for (var missing = own.Length; missing < wanted; missing++)
            {
                var why = context.Target.IsSpread
                    ? E("The service '{0:name}' has {1} containers of {2} on '{3}': somebody else removes them.",
                        service.Name, own.Length, wanted, context.Node.NodeName)
                    : E("The service '{0:name}' has {1} containers of {2}: somebody else removes them.", service.Name, own.Length, wanted);
                seen.Add(new Seen(
                    service.Name, $"{service.Name} {missing} {context.Node.NodeId}", null, new ContainerFailedException("", why)));
            }
        }

        return seen;
    }

    private static bool Waits(ContainerLook look) => look.Health == "starting" || look.State is "restarting" or "created";

    private static ContainerFailedException? Late(ApplyContext context, ContainerLook look, TimeSpan elapsed) => !Waits(look) ? null
        : new(look.Id, E("The container {0:name} was not healthy after {1:0.#} minutes.", look.Name, elapsed.TotalMinutes))
        {
            Node = context.Node,
        };

    private static ContainerFailedException? Judge(ApplyContext context, ContainerLook look, Dictionary<string, int> before)
    {
        var (why, words) = look.Health == "unhealthy" ? (N("is unhealthy"), look.HealthOutput)
            : look.HasEnded && !look.IsDone ? ($"{look}", look.Error)
            : before.TryGetValue(look.Id, out var restarts) && look.Restarts > restarts
                ? (E("starts over and over; it last ended with code {0}", look.ExitCode), "")
            : (null, "");
        before.TryAdd(look.Id, look.Restarts);
        return why is null ? null
            : new(look.Id, Failed(look.Name, why, words.TrimEnd(' ', ':', '\n'))) { Node = context.Node };
    }

    private static string Failed(string name, string why, string words) => words.Length == 0
        ? E("The container {0:name} {1:said}.", name, why) : E("The container {0:name} {1:said}: {2}.", name, why, words);

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
