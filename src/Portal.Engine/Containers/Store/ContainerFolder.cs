namespace Portal.Engine.Containers.Store;

/// <summary>The files of one container. The layout is in the README beside the container contracts.</summary>
internal sealed class ContainerFolder(string path)
{
    public string Path { get; } = path;

    public string Config => Combine("config.json");

    public string State => Combine("state.json");

    /// <summary>The names of volumes that were made for it alone, a line each: for a creation that is cut off. None without such.</summary>
    public string Volumes => Combine("volumes");

    public string Hosts => Combine("hosts");

    public string Hostname => Combine("hostname");

    public string ResolvConf => Combine("resolv.conf");

    public string Logs => Combine("logs");

    /// <summary>The log file that the monitor writes; rotated ones lie beside it.</summary>
    public string Log => System.IO.Path.Combine(Logs, "container.log");

    /// <summary>How far the log was sent to another place.</summary>
    public string Forwarded => Combine("forwarded");

    private string Combine(string name) => System.IO.Path.Combine(Path, name);
}
