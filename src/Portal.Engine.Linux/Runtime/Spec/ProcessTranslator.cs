using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Linux.Runtime.Users;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>Makes the runtime's description of a process of ours.</summary>
internal static class ProcessTranslator
{
    public static OciProcess Translate(
        RuntimeProcess process,
        string rootPath,
        IReadOnlyList<string> capabilities,
        bool noNewPrivileges,
        IReadOnlyList<string>? groupAdd = null)
    {
        Check(process);
        var user = UserLookup.Find(rootPath, process.User, groupAdd);
        return new OciProcess
        {
            Terminal = process.Terminal,
            ConsoleSize = process is { Terminal: true, Size: { Columns: > 0, Rows: > 0 } size }
                ? new OciConsoleSize((uint)size.Rows, (uint)size.Columns)
                : null,
            User = new OciUser(user.Uid, user.Gid, user.AdditionalGids),
            Args = process.Arguments,
            Env = WithHome(process.Environment, user.Home),
            Cwd = process.WorkingDirectory.Length > 0 ? process.WorkingDirectory : "/",
            Capabilities = new OciCapabilities(capabilities, capabilities, capabilities),
            NoNewPrivileges = noNewPrivileges,
        };
    }

    private static IReadOnlyList<string> WithHome(IReadOnlyList<string> environment, string home)
    {
        return environment.Any(variable => variable.StartsWith("HOME=", StringComparison.Ordinal))
            ? environment
            : [.. environment, $"HOME={home}"];
    }

    private static void Check(RuntimeProcess process)
    {
        if (process.Arguments.Count == 0 || process.Arguments[0].Length == 0)
        {
            throw EngineException.InvalidArgument("no command specified");
        }

        if (process.WorkingDirectory.Length > 0 && process.WorkingDirectory[0] != '/')
        {
            throw EngineException.InvalidArgument(
                $"the working directory '{process.WorkingDirectory}' is invalid, it needs to be an absolute path");
        }

        if (process.Arguments.Concat(process.Environment).Append(process.WorkingDirectory).Any(text => text.Contains('\0')))
        {
            throw EngineException.InvalidArgument("the command, environment or working directory contains a zero byte");
        }
    }
}
