using System.Globalization;
using Portal.Engine.Linux.Runtime.Invoking;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>The command line of conmon (conmon(8)).</summary>
internal static class MonitorArguments
{
    public static IReadOnlyList<string> For(MonitorRequest request, Invocation invocation, RuntimeLayout layout)
    {
        var folder = request.Folder;
        List<string> arguments =
        [
            "--api-version", "1",
            "--cid", request.ContainerId,
            "--cuuid", request.ExecId ?? request.ContainerId,
            "--name", request.ExecId ?? request.ContainerId,
            "--runtime", invocation.Program,
            .. invocation.Prefix.SelectMany(argument => new[] { "--runtime-arg", argument }),
            "--runtime-arg", $"--root={layout.State}",
            "--runtime-arg", $"--log={folder.RuntimeLog}",
            "--runtime-arg", "--log-format=json",
            "--bundle", folder.Root,
            "--full-attach",
            "--persist-dir", folder.Root,
            "--container-pidfile", folder.PidFile,
            "--conmon-pidfile", folder.MonitorPidFile,
            "--log-level", "error",

            // A power cut may cost the newest lines; an fsync for each end of a container would cost all of them time.
            "--no-sync-log",
            "--log-path", request.LogPath.Length > 0 ? $"k8s-file:{request.LogPath}" : "none",
        ];
        AddSwitch(arguments, request.Terminal, "--terminal");
        AddSwitch(arguments, request.Stdin, "--stdin");
        AddSwitch(arguments, request.LeaveStdinOpen, "--leave-stdin-open");
        if (request.LargestLog > 0)
        {
            arguments.AddRange(["--log-size-max", request.LargestLog.ToString(CultureInfo.InvariantCulture)]);
        }

        if (request.ExecId is not null)
        {
            arguments.AddRange(["--exec", "--exec-process-spec", folder.Process]);
            AddSwitch(arguments, request.Attach is not null, "--exec-attach");
        }

        return arguments;
    }

    private static void AddSwitch(List<string> arguments, bool on, string name)
    {
        if (on)
        {
            arguments.Add(name);
        }
    }
}
