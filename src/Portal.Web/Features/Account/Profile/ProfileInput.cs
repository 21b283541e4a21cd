using System.Net.Mail;

namespace Portal.Web.Features.Account.Profile;

/// <summary>What the forms of the page post; each fills its own part.</summary>
/// <remarks>A field that was not posted is set to null by the binding of forms, whatever its type says.</remarks>
internal sealed class ProfileInput
{
    private const int MostName = 128;
    private const int MostMail = 256;

    public string DisplayName { get; set => field = value ?? ""; } = "";

    public string Mail { get; set => field = value ?? ""; } = "";

    /// <summary>A code of <see cref="Portal.Web.Languages.Language.All"/>; empty for the browser's.</summary>
    public string Language { get; set => field = value ?? ""; } = "";

    /// <summary>One of <see cref="Portal.Web.Languages.TimeZoneChoice.All"/>; empty for the browser's.</summary>
    public string Zone { get; set => field = value ?? ""; } = "";

    public string Password { get; set => field = value ?? ""; } = "";

    public string Provider { get; set => field = value ?? ""; } = "";

    /// <summary>What is wrong with name and address; null for nothing.</summary>
    public string? FindProblem() =>
        DisplayName.Trim().Length > MostName || DisplayName.Any(char.IsControl) ? T("A name has up to {0} characters.", MostName)
        : Mail.Trim() is { Length: > 0 } mail && !IsAddress(mail) ? T("This is no mail address. It looks like ann@example.com.")
        : null;

    private static bool IsAddress(string mail) =>
        mail.Length <= MostMail && MailAddress.TryCreate(mail, out var address) && address.Address == mail;
}
