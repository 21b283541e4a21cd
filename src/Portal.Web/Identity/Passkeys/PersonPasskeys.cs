using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;

namespace Portal.Web.Identity.Passkeys;

/// <summary>
/// The passkeys of a person: keys of a phone, a security key or a password manager that take the place of password and code (WebAuthn level 3).
/// </summary>
/// <remarks>Scoped; used from requests, since a challenge goes into a cookie.</remarks>
internal sealed class PersonPasskeys(PortalSignInManager signIn, UserManager<PortalUser> users, TimeProvider time)
{
    /// <summary>How many one person may have.</summary>
    public const int Limit = 20;

    private const int NameLength = 64;

    /// <summary>What <c>navigator.credentials.create</c> takes, in JSON.</summary>
    public Task<string> MakeCreationOptionsAsync(PortalUser user)
    {
        var name = user.UserName!;
        return signIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity
        {
            Id = user.Id.ToString(),
            Name = name,
            DisplayName = user.DisplayName.Length > 0 ? user.DisplayName : name,
        });
    }

    /// <summary>The same for somebody who has no account yet.</summary>
    /// <param name="id">That the account will have.</param>
    /// <param name="name">Under which they will sign in.</param>
    public Task<string> MakeCreationOptionsAsync(Guid id, string name) =>
        signIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity { Id = id.ToString(), Name = name, DisplayName = name });

    /// <summary>Checks a passkey that the browser made for somebody who has no account yet.</summary>
    /// <param name="credential">What <c>navigator.credentials.create</c> gave, in JSON.</param>
    /// <returns>The passkey, and the id and name that it was asked for with; null when it is no good.</returns>
    public async Task<(UserPasskeyInfo Passkey, Guid Id, string Name)?> ProveNewAsync(string credential)
    {
        var made = await TryAsync(() => signIn.PerformPasskeyAttestationAsync(credential));
        if (made is not { Succeeded: true } || !Guid.TryParse(made.UserEntity.Id, out var id))
        {
            return null;
        }

        made.Passkey.Name = $"Passkey of {time.GetUtcNow():yyyy-MM-dd}";
        return (made.Passkey, id, made.UserEntity.Name);
    }

    /// <summary>Keeps a passkey that the browser made.</summary>
    /// <param name="user">Whose it becomes.</param>
    /// <param name="name">What the person calls it; empty for the date.</param>
    /// <param name="credential">What <c>navigator.credentials.create</c> gave, in JSON.</param>
    /// <returns>Why it was not kept, for the person; null when it was.</returns>
    public async Task<string?> AddAsync(PortalUser user, string name, string credential)
    {
        if ((await users.GetPasskeysAsync(user)).Count >= Limit)
        {
            return E("You have {0} passkeys, which is the limit. Remove one first.", Limit);
        }

        var made = await TryAsync(() => signIn.PerformPasskeyAttestationAsync(credential));
        if (made is not { Succeeded: true } || made.UserEntity.Id != user.Id.ToString())
        {
            return E("The passkey was not accepted: {0}. Try again.", made?.Failure?.Message ?? "it took too long, or is for somebody else");
        }

        var clean = name.Trim();
        made.Passkey.Name = clean.Length == 0 ? $"Passkey of {time.GetUtcNow():yyyy-MM-dd}" : clean.Length > NameLength ? clean[..NameLength] : clean;
        var result = await users.AddOrUpdatePasskeyAsync(user, made.Passkey);
        return result.Succeeded ? null : string.Join(' ', result.Errors.Select(error => error.Description));
    }

    /// <summary>Finds who signs in with a passkey, without setting a session.</summary>
    /// <param name="credential">What <c>navigator.credentials.get</c> gave, in JSON.</param>
    /// <returns>Null when it proves nobody.</returns>
    public async Task<PasskeyAssertionResult<PortalUser>?> ProveAsync(string credential)
    {
        var proof = await TryAsync(() => signIn.PerformPasskeyAssertionAsync(credential));
        return proof is { Succeeded: true } ? proof : null;
    }

    // Identity throws when there is no challenge under way: a form that was kept open, or posted by a program.
    private static async Task<T?> TryAsync<T>(Func<Task<T>> prove)
        where T : class
    {
        try
        {
            return await prove();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
