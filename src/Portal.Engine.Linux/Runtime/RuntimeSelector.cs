using System.Globalization;
using Microsoft.Extensions.Logging;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Runtime.Invoking;

namespace Portal.Engine.Linux.Runtime;

/// <summary>
/// Chooses the OCI runtime once: the one that the options name, else the first that really runs a container here. crun comes first, since it
/// is several times faster.
/// </summary>
internal sealed partial class RuntimeSelector(
    EngineOptions options,
    RuntimeLayout layout,
    CgroupTree cgroups,
    RuntimeCatalog catalog,
    Invocations invocations,
    ILogger<RuntimeSelector> logger) : IDisposable
{
    private const string RuncState = "state.json";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private OciRuntime? _chosen;

    /// <summary>The runtime of a name, or the engine's choice for an empty one.</summary>
    /// <exception cref="EngineException">InvalidArgument: there is none of that name. Unavailable: none works at all.</exception>
    public async ValueTask<OciRuntime> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (RuntimeCatalog.IsDefault(name))
        {
            return await GetAsync(cancellationToken).ConfigureAwait(false);
        }

        return catalog.Find(name) is { } path
            ? new OciRuntime(name, path, "")
            : throw EngineException.InvalidArgument(catalog.Unknown(name));
    }

    /// <exception cref="EngineException">Unavailable: none works; the message says why.</exception>
    public async ValueTask<OciRuntime> GetAsync(CancellationToken cancellationToken)
    {
        if (_chosen is { } chosen)
        {
            return chosen;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _chosen ??= await ChooseAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The runtime that has made a container: another one could not go on with it, whatever is chosen by now.</summary>
    /// <param name="id">The container.</param>
    /// <param name="record">What was written down of it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<OciRuntime> OfAsync(string id, ProcessRecord? record, CancellationToken cancellationToken)
    {
        if (record?.RuntimePath is { } path)
        {
            return new(new OciRuntime(Path.GetFileName(path), path, ""));
        }

        // From an engine that did not write it down. The file is how runc keeps its state; the rest never was another's.
        var isRuncs = record?.Runtime is null && File.Exists(Path.Combine(layout.State, id, RuncState));
        return GetAsync(isRuncs ? "runc" : record?.Runtime ?? "", cancellationToken);
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>
    /// The second or third word of the first line, as in <c>runc version 1.1.5</c> and <c>crun version 1.8.1</c>.
    /// </summary>
    internal static string ParseVersion(string output)
    {
        var line = output.Split('\n')[0];
        var word = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(word => char.IsAsciiDigit(word[0]));
        return word?.TrimEnd(',') ?? "";
    }

    private async Task<OciRuntime> ChooseAsync(CancellationToken cancellationToken)
    {
        layout.MakeFolders();
        if (options.Runtime is { Length: > 0 } named)
        {
            var path = Programs.Find(named) ?? throw new EngineException(
                EngineErrorKind.Unavailable, $"The OCI runtime '{named}' is not on this host. Install it or choose another.");
            return await DescribeAsync(path, cancellationToken).ConfigureAwait(false);
        }

        var reasons = new List<string>();
        foreach (var name in new[] { "crun", "runc" })
        {
            var path = Programs.Find(name);
            var refusal = path is null ? "not installed" : await TryAsync(name, path, cancellationToken).ConfigureAwait(false);
            if (refusal is null)
            {
                var runtime = await DescribeAsync(path!, cancellationToken).ConfigureAwait(false);
                LogChosen(runtime.Name, runtime.Version, cgroups.Version.ToString(CultureInfo.InvariantCulture));
                return runtime;
            }

            reasons.Add($"{name}: {refusal}");
        }

        throw new EngineException(
            EngineErrorKind.Unavailable, $"No OCI runtime works on this host ({string.Join("; ", reasons)}). Install runc or crun.");
    }

    private async Task<string?> TryAsync(string name, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await RuntimeTrial.RunAsync(new OciRuntime(name, path, ""), invocations, layout, cgroups, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is EngineException or IOException)
        {
            return exception.Message;
        }
    }

    private static async Task<OciRuntime> DescribeAsync(string path, CancellationToken cancellationToken)
    {
        var version = await Command.RunAsync(path, ["--version"], cancellationToken).ConfigureAwait(false);
        return new OciRuntime(Path.GetFileName(path), path, ParseVersion(version.Output));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Containers run with '{Runtime}' {Version} on cgroup version {CgroupVersion}")]
    private partial void LogChosen(string runtime, string version, string cgroupVersion);
}
