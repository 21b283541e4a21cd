using Portal.Engine.Errors;
using Portal.Engine.Hosting;

namespace Portal.Engine.Linux.Runtime;

/// <summary>Where the runtime keeps its files beneath the instance's run folder. See the README beside this file.</summary>
internal sealed class RuntimeLayout
{
    // conmon binds a terminal socket "conmon-term.XXXXXX" in its temporary folder; unix(7) allows 107 bytes.
    private const int LongestTemporaryFolder = 107 - 20;
    private const int LongestId = 128;

    private readonly string _containers;

    public RuntimeLayout(EngineOptions options)
    {
        var root = Path.GetFullPath(options.RunRoot);
        _containers = Path.Combine(root, "c");
        State = Path.Combine(root, "oci");
        Probe = Path.Combine(root, "probe");
        var temporary = Path.Combine(root, "t");
        Temporary = temporary.Length <= LongestTemporaryFolder ? temporary : "/tmp";
    }

    /// <summary>The OCI runtime's own folder (<c>--root</c>).</summary>
    public string State { get; }

    /// <summary>Where runtimes are tried out.</summary>
    public string Probe { get; }

    /// <summary>For short-lived sockets of the monitor.</summary>
    public string Temporary { get; }

    /// <summary>What the OCI runtime keeps of a container.</summary>
    public string StateOf(string id) => Path.Combine(State, Check(id));

    public ProcessFolder Container(string id) => new(Path.Combine(_containers, Check(id)));

    public ProcessFolder Exec(string containerId, string execId) => new(Path.Combine(_containers, Check(containerId), "e", Check(execId)));

    /// <summary>Ids of all containers that have a folder.</summary>
    public IReadOnlyList<string> ListContainers() => List(_containers);

    /// <summary>Ids of a container's execs that have a folder.</summary>
    public IReadOnlyList<string> ListExecs(string containerId) => List(Path.Combine(_containers, Check(containerId), "e"));

    /// <summary>Ids of all containers of which the OCI runtime keeps something.</summary>
    public IReadOnlyList<string> ListStates() => List(State);

    public void MakeFolders()
    {
        foreach (var folder in new[] { _containers, State, Temporary })
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string[] List(string folder)
    {
        return Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!)] : [];
    }

    private static string Check(string id)
    {
        var valid = id.Length is > 0 and <= LongestId && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        return valid ? id : throw EngineException.InvalidArgument($"'{id}' is no id of a container or exec.");
    }
}
