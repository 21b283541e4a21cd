namespace Portal.Engine.Containers.Store;

/// <summary>The files of one container. The layout is in the README beside the container contracts.</summary>
internal sealed class ContainerFolder(string path)
{
    public string Path { get; } = path;

    public string Config => Combine("config.json");

    public string State => Combine("state.json");

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
