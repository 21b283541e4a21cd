using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Portal.Engine.Api.Hosting;

/// <summary>The file of a Unix socket.</summary>
internal static class DockerSocketFile
{
    private const string Group = "portal";
    private const uint Unchanged = uint.MaxValue;

    private const UnixFileMode Mode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Removes a socket that nobody answers on.</summary>
    /// <exception cref="IOException">Somebody answers on it, or it is something else than a socket.</exception>
    public static void RemoveStale(string path)
    {
        if (!Path.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException failure)
        {
            throw new IOException($"Can't listen on '{path}': the file is there and is no socket of ours. Remove it or choose another path.", failure);
        }

        throw new IOException($"Can't listen on '{path}': another process answers on it. Stop that one or choose another path.");
    }

    /// <summary>Lets root and the group in, and nobody else.</summary>
    public static void Protect(string path)
    {
        File.SetUnixFileMode(path, Mode);
        if (FindGroup("/etc/group", Group) is { } group && ChangeOwner(path, Unchanged, group) != 0)
        {
            throw new IOException(
                $"Can't give '{path}' to group '{Group}': {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }
    }

    /// <summary>The number of a group by group(5), or null when there is none of that name.</summary>
    public static uint? FindGroup(string groupFile, string name)
    {
        if (!File.Exists(groupFile))
        {
            return null;
        }

        foreach (var line in File.ReadLines(groupFile))
        {
            var fields = line.Split(':');
            if (fields.Length >= 3
                && fields[0] == name
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                return id;
            }
        }

        return null;
    }

    private static bool IsSocket(string path)
    {
        // A regular file refuses a connection with the same error; the framework tells sockets by neither attribute nor length alone.
        var attributes = File.GetAttributes(path);
        return (attributes & (FileAttributes.Directory | FileAttributes.ReparsePoint)) == 0 && !IsReadable(path);
    }

    private static bool IsReadable(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            return true;
        }
        catch (IOException)
        {
            // open(2) on a socket: ENXIO.
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "chown", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint owner, uint group);
}
