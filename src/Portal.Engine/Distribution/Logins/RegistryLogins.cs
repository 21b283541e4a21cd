using System.Security.Cryptography;
using System.Text.Json;
using Portal.Engine.Errors;

namespace Portal.Engine.Distribution.Logins;

/// <summary>
/// The host's own logins to registries and mirrors: used where a call brings none, such as when a check of the store fetches again what is
/// missing. Kept in one file of one folder, each login encrypted by AES-256-GCM and bound to its registry; the key is a file beside it, so
/// that neither alone tells anything. Both are their owner's alone.
/// </summary>
/// <remarks>Any thread, and several processes: changes take a lock file and replace the file as a whole; reads see either state.</remarks>
public sealed class RegistryLogins
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int MaxBytes = 1 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _folder;

    /// <param name="folder">The folder, which is made when something is to be kept.</param>
    public RegistryLogins(string folder)
    {
        _folder = folder;
    }

    private string KeyPath => Path.Combine(_folder, "key");

    private string LoginsPath => Path.Combine(_folder, "logins.json");

    /// <summary>The registries that there are logins for, in order.</summary>
    /// <exception cref="EngineException">Internal: the file is damaged.</exception>
    public IReadOnlyList<string> List() => [.. Read().Keys.Order(StringComparer.Ordinal)];

    /// <summary>Keeps a login in place of any other of that registry.</summary>
    /// <param name="server">Its address as users write it: see <see cref="IRegistries.LoginAsync"/>.</param>
    /// <param name="credentials">The login.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The registry as it stands in the names of images.</returns>
    /// <exception cref="EngineException">InvalidArgument: no address, or no login.</exception>
    public async Task<string> SaveAsync(string server, RegistryCredentials credentials, CancellationToken cancellationToken = default)
    {
        var domain = RegistryLogin.DomainOf(server);
        if (credentials.IsEmpty)
        {
            throw EngineException.InvalidArgument("There is nothing to keep: neither a user name nor a token was given.");
        }

        await ChangeAsync(logins => logins[domain] = Protect(domain, credentials), cancellationToken).ConfigureAwait(false);
        return domain;
    }

    /// <summary>Forgets a login; one that is not there is no error.</summary>
    /// <param name="server">Its address as users write it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>True when there was one.</returns>
    /// <exception cref="EngineException">InvalidArgument: no address.</exception>
    public async Task<bool> RemoveAsync(string server, CancellationToken cancellationToken = default)
    {
        var domain = RegistryLogin.DomainOf(server);
        var isThere = Read().ContainsKey(domain);
        if (isThere)
        {
            await ChangeAsync(logins => logins.Remove(domain), cancellationToken).ConfigureAwait(false);
        }

        return isThere;
    }

    /// <summary>The login to a registry or mirror, or null.</summary>
    /// <exception cref="EngineException">Internal: it can't be decrypted.</exception>
    internal RegistryCredentials? Find(string domain) => Read().TryGetValue(domain, out var text) ? Unprotect(domain, text) : null;

    private async Task ChangeAsync(Action<Dictionary<string, string>> change, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder, OwnerOnly | UnixFileMode.UserExecute);
        using var held = await WaitForLockAsync(cancellationToken).ConfigureAwait(false);
        var logins = Read();
        change(logins);
        Write(LoginsPath, JsonSerializer.SerializeToUtf8Bytes(logins, LoginJson.Default.DictionaryStringString));
    }

    private async Task<FileStream> WaitForLockAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(
                    Path.Combine(_folder, "lock"),
                    new FileStreamOptions
                    {
                        Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly,
                    });
            }
            catch (IOException) when (attempt < 200)
            {
                // Whoever holds it writes one small file.
                await Task.Delay(25, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private Dictionary<string, string> Read()
    {
        try
        {
            using var file = new FileStream(LoginsPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var logins = file.Length <= MaxBytes ? JsonSerializer.Deserialize(file, LoginJson.Default.DictionaryStringString) : null;
            return logins ?? throw Damaged(null);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (JsonException failure)
        {
            throw Damaged(failure);
        }
    }

    private EngineException Damaged(Exception? cause) => new(
        EngineErrorKind.Internal, $"The logins to registries in '{LoginsPath}' are damaged. Remove the file and log in again.", cause);

    private string Protect(string domain, RegistryCredentials credentials)
    {
        var login = new StoredLogin(credentials.Username, credentials.Password, credentials.IdentityToken);
        var plain = JsonSerializer.SerializeToUtf8Bytes(login, LoginJson.Default.StoredLogin);
        var bytes = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceSize));
        using var aes = new AesGcm(ReadKey(mayMake: true), TagSize);
        aes.Encrypt(
            bytes.AsSpan(0, NonceSize), plain, bytes.AsSpan(NonceSize + TagSize), bytes.AsSpan(NonceSize, TagSize), Associated(domain));
        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String(bytes);
    }

    private RegistryCredentials Unprotect(string domain, string text)
    {
        try
        {
            var bytes = Convert.FromBase64String(text);
            var plain = new byte[Math.Max(0, bytes.Length - NonceSize - TagSize)];
            using var aes = new AesGcm(ReadKey(mayMake: false), TagSize);
            aes.Decrypt(
                bytes.AsSpan(0, NonceSize), bytes.AsSpan(NonceSize + TagSize), bytes.AsSpan(NonceSize, TagSize), plain, Associated(domain));
            var login = JsonSerializer.Deserialize(plain, LoginJson.Default.StoredLogin)!;
            return new RegistryCredentials
            {
                Username = login.Username, Password = login.Password, IdentityToken = login.IdentityToken,
            };
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException or ArgumentException or IOException)
        {
            throw new EngineException(
                EngineErrorKind.Internal, $"The login to {domain} that this host keeps can't be decrypted. Log in again.", failure);
        }
    }

    private byte[] ReadKey(bool mayMake)
    {
        if (mayMake && !File.Exists(KeyPath))
        {
            Write(KeyPath, RandomNumberGenerator.GetBytes(KeySize));
        }

        var key = File.ReadAllBytes(KeyPath);
        return key.Length == KeySize ? key : throw new CryptographicException($"'{KeyPath}' holds no key.");
    }

    private static byte[] Associated(string domain) => System.Text.Encoding.UTF8.GetBytes($"portal registry login {domain}");

    private static void Write(string path, byte[] content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var file = new FileStream(temporary, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
