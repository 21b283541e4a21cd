using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Processes;

/// <summary>Has <c>ps</c> print all processes of the host, and keeps a container's.</summary>
internal sealed partial class ContainerProcesses(
    ContainerRegistry registry, IContainerRuntime runtime, IProcessLister lister, ContainerEvents events) : IContainerProcesses
{
    private const int MostArguments = 100;

    public async Task<ProcessTable> ReadAsync(string container, string arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var found = registry.Get(container);
        if (!found.IsRunning)
        {
            throw EngineException.Conflict($"container {found.Id} is not running");
        }

        Check(arguments);
        var words = arguments.Split((char[])[' ', '\t', '\n', '\r', '\v', '\f'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > MostArguments || words.Any(word => word.Contains('\0')))
        {
            throw EngineException.InvalidArgument("Those are no arguments for ps.");
        }

        var output = await lister.RunAsync(words, cancellationToken).ConfigureAwait(false);
        var own = await runtime.ListProcessesAsync(found.Id, cancellationToken).ConfigureAwait(false);
        var table = Parse(output, own.ToHashSet());
        events.Publish(found, "top");
        return table;
    }

    /// <summary>Keeps the lines of some processes (moby, <c>top_unix.go</c>, parsePSOutput).</summary>
    internal static ProcessTable Parse(string output, IReadOnlySet<int> own)
    {
        var lines = output.Split('\n');
        var titles = Fields(lines[0]);
        var column = Array.IndexOf(titles, "PID");
        if (column < 0)
        {
            throw EngineException.InvalidArgument("Couldn't find PID field in ps output");
        }

        var rows = new List<IReadOnlyList<string>>();
        var isOwn = false;
        foreach (var fields in lines.Skip(1).Select(Fields).Where(fields => fields.Length > column))
        {
            // With "-m", the lines of threads follow their process's and have a dash for its number.
            isOwn = fields[column] == "-"
                ? isOwn
                : int.TryParse(fields[column], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && own.Contains(number);
            if (isOwn && fields.Length >= titles.Length)
            {
                rows.Add([.. fields[..(titles.Length - 1)], string.Join(' ', fields[(titles.Length - 1)..])]);
            }
        }

        return new ProcessTable(titles, rows);
    }

    // A column that only calls itself PID would show other containers' processes.
    private static void Check(string arguments)
    {
        foreach (Match match in RenamedColumn().Matches(" " + arguments))
        {
            if (match.Groups[1].Value != "pid")
            {
                throw EngineException.InvalidArgument($"specifying \"{match.Groups[1].Value}={match.Groups[2].Value}\" is not allowed");
            }
        }
    }

    private static string[] Fields(string line) => line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\s+(\S*)=\s*(PID\S*)", RegexOptions.CultureInvariant)]
    private static partial Regex RenamedColumn();
}
