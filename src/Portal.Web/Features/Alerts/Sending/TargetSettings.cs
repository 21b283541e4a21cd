using System.Net.Mail;

namespace Portal.Web.Features.Alerts.Sending;

/// <summary>How a target is reached. No record, so that nothing prints it by accident: addresses of webhooks are secrets.</summary>
public sealed class TargetSettings
{
    /// <summary>The address of all but e-mail.</summary>
    public string Url { get; set; } = "";

    /// <summary>Signs what a webhook gets; a bearer token for ntfy; the password of the mail server.</summary>
    public string Secret { get; set; } = "";

    /// <summary>The mail server.</summary>
    public string Host { get; set; } = "";

    public int Port { get; set; } = 587;

    /// <summary><c>starttls</c>, <c>tls</c> or <c>none</c>.</summary>
    public string Security { get; set; } = "starttls";

    /// <summary>Empty to sign in with nothing.</summary>
    public string UserName { get; set; } = "";

    public string From { get; set; } = "";

    /// <summary>Addresses, separated by commas.</summary>
    public string To { get; set; } = "";

    internal IEnumerable<string> Recipients => To.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The same for some of the recipients.</summary>
    internal TargetSettings For(IEnumerable<string> recipients) => new()
    {
        Url = Url, Secret = Secret, Host = Host, Port = Port, Security = Security, UserName = UserName, From = From,
        To = string.Join(", ", recipients),
    };

    /// <summary>All that is wrong, for the user.</summary>
    internal IEnumerable<string> Problems(TargetKind kind)
    {
        if (kind != TargetKind.Email)
        {
            if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
            {
                yield return N("The address must begin with https:// (or http://) and hold no user name.");
            }

            yield break;
        }

        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown || Port is < 1 or > 65535)
        {
            yield return N("The mail server must be a host name or an address, with a port from 1 to 65535.");
        }

        if (Security is not ("starttls" or "tls" or "none"))
        {
            yield return N("The mail server's security must be starttls, tls or none.");
        }

        if (Security == "none" && UserName.Length > 0)
        {
            yield return N("A password is not sent in the clear: choose STARTTLS or TLS, or leave the user name empty.");
        }

        if (!IsAddress(From) || !Recipients.Any() || !Recipients.All(IsAddress))
        {
            yield return N("Sender and recipients must be e-mail addresses.");
        }
    }

    // Into a command of SMTP goes nothing but a plain address.
    private static bool IsAddress(string text) =>
        text.Length <= 254 && text.All(letter => letter is > ' ' and < '\x7f' and not '<' and not '>')
        && MailAddress.TryCreate(text, out var address) && address.Address == text;
}
