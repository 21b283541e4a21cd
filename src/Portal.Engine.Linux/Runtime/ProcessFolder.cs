using System.Globalization;
using System.Text;
using System.Text.Json;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Runtime.Oci;

namespace Portal.Engine.Linux.Runtime;

/// <summary>The folder of one monitored process: a container's bundle, or an exec's counterpart.</summary>
/// <param name="Root">Its path.</param>
internal sealed record ProcessFolder(string Root)
{
    /// <summary>
    /// Name of the file that the monitor renames into place when the process has ended; it holds the exit code.
    /// </summary>
    public const string ExitName = "exit";

    /// <summary>Name of a FIFO of the monitor that it alone opens.</summary>
    public const string MonitorLifeName = "winsz";

    public const string OutputName = "output";

    private const int RemovalAttempts = 50;

    /// <summary>The OCI specification of a container.</summary>
    public string Config => Path.Combine(Root, "config.json");

    /// <summary>The process description of an exec.</summary>
    public string Process => Path.Combine(Root, "process.json");

    /// <summary>What later calls must know of it (<see cref="ProcessRecord"/>).</summary>
    public string Record => Path.Combine(Root, "record.json");

    /// <summary>The limits that the runtime was last told to set while the container ran.</summary>
    public string Limits => Path.Combine(Root, "limits.json");

    /// <summary>Written once the runtime has started the program.</summary>
    public string Started => Path.Combine(Root, "started");

    /// <summary>A mount that other containers may join as their <c>/dev/shm</c>.</summary>
    public string Shm => Path.Combine(Root, "shm");

    /// <summary>The cgroup above the container's, when it is not the instance's.</summary>
    public string CgroupParent => Path.Combine(Root, "cgroup-parent");

    public string PidFile => Path.Combine(Root, "pid");

    public string MonitorPidFile => Path.Combine(Root, "monitor");

    /// <summary>What the monitor says on standard error before it lets go of it.</summary>
    public string MonitorLog => Path.Combine(Root, "monitor.log");

    /// <summary>What the OCI runtime logs, a JSON object a line.</summary>
    public string RuntimeLog => Path.Combine(Root, "runtime.log");

    public string ExitFile => Path.Combine(Root, ExitName);

    /// <summary>Made by the monitor when the kernel reported a want of memory.</summary>
    public string OutOfMemory => Path.Combine(Root, "oom");

    /// <summary>An exec's newest output, where it is kept (<see cref="Conmon.KeptOutput"/>).</summary>
    public string Output => Path.Combine(Root, OutputName);

    public string AttachSocketName => "attach";

    /// <summary>FIFO through which the monitor is told to resize the terminal and to open the log anew.</summary>
    public string Control => Path.Combine(Root, "ctl");

    public bool Exists => Directory.Exists(Root);

    public int? ReadPid() => ReadNumber(PidFile);

    public int? ReadMonitorPid() => ReadNumber(MonitorPidFile);

    /// <summary>What is written down of the process; null when that was cut off.</summary>
    public ProcessRecord? ReadRecord()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Record), OciJson.Default.ProcessRecord);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Make()
    {
        Directory.CreateDirectory(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// Makes the folder of an exec in its container's. That one is not made again when it is gone: nobody would remove it any more.
    /// </summary>
    /// <returns>False when the container was removed meanwhile.</returns>
    public bool TryMakeIn(ProcessFolder container)
    {
        const uint OwnerOnly = 0x1C0;
        try
        {
            using var folder = FileCalls.OpenFolder(container.Root);
            return TryMake(Path.GetDirectoryName(Root)!) && TryMake(Root);

            bool TryMake(string path)
            {
                var name = FileCalls.NulTerminated(Encoding.UTF8.GetBytes(Path.GetRelativePath(container.Root, path)));
                return FileCalls.TryMakeFolder(folder, name, OwnerOnly) switch
                {
                    0 or Errno.Exists => true,
                    Errno.NoEntry => false,
                    var error => throw new FileCallException(error, "make folder", path),
                };
            }
        }
        catch (IOException) when (!container.Exists)
        {
            return false;
        }
    }

    /// <summary>Removes the folder. A monitor that is about to end may still put its last files here meanwhile.</summary>
    /// <exception cref="IOException">Files appear in it again and again.</exception>
    public void Remove()
    {
        MountCalls.Unmount(Shm);
        if (Exists)
        {
            // Before the exit code: one with a monitor and without an exit code is taken for lost (MonitorProcess).
            File.Delete(MonitorPidFile);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(Root, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                // Gone already: what was asked for.
                return;
            }
            catch (IOException) when (attempt < RemovalAttempts)
            {
                // Something was written between the listing and the removal: listed anew.
            }
        }
    }

    private static int? ReadNumber(string path)
    {
        try
        {
            var text = File.ReadAllText(path).Trim();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
