using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.UserNamespaces;

/// <summary>User namespaces held by bind mounts, as network namespaces are. Keeps no state.</summary>
internal sealed class LinuxUserNamespaces(EngineOptions options) : IUserNamespaces
{
    private readonly string _folder = Path.Combine(Path.GetFullPath(options.RunRoot), "userns");

    public Task<string> EnsureAsync(string id, IdMapping mapping, CancellationToken cancellationToken = default)
    {
        return Task.Run(() => Ensure(id, mapping), cancellationToken);
    }

    public string? Find(string id)
    {
        var path = PathOf(id);
        return NamespaceCalls.IsNamespace(path) ? path : null;
    }

    /// <summary>Lets go of a namespace; the kernel ends it when no process is left in it. Does nothing when there is none.</summary>
    public void Remove(string id)
    {
        var path = PathOf(id);
        while (NamespaceCalls.Release(path))
        {
            // A crash between two starts can leave one mount upon another; each is released.
        }

        if (Directory.Exists(_folder))
        {
            File.Delete(path);
        }
    }

    /// <summary>Ids of all that are held, with leftovers of crashes.</summary>
    public IReadOnlyList<string> List() =>
        Directory.Exists(_folder) ? [.. Directory.EnumerateFiles(_folder).Select(path => Path.GetFileName(path)!)] : [];

    private string Ensure(string id, IdMapping mapping)
    {
        if (Find(id) is { } present)
        {
            return present;
        }

        var path = PathOf(id);
        Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Create(path).Dispose();
        try
        {
            return MappedNamespace.Make(mapping.Users, mapping.Groups, process =>
            {
                NamespaceCalls.Hold($"{process}/ns/user", path);
                return path;
            });
        }
        catch (IOException failure)
        {
            Remove(id);
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Making the user namespace of container {id} with {mapping} failed: {failure.Message} The engine needs to be root, "
                + "a kernel with CONFIG_USER_NS, and /proc/sys/user/max_user_namespaces above what is in use.",
                failure);
        }
    }

    private string PathOf(string id)
    {
        return id.Length > 0 && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? Path.Combine(_folder, id)
            : throw EngineException.InvalidArgument($"'{id}' can't name a user namespace.");
    }
}
