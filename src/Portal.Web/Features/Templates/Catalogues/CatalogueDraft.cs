using Portal.Web.Features.Stacks.Git;

namespace Portal.Web.Features.Templates.Catalogues;

/// <summary>What a catalogue shall be. No record, so that nothing prints its secret by accident.</summary>
internal sealed class CatalogueDraft
{
    private const int LongestName = 128;
    private const int LongestFolder = 512;
    private const int LongestUser = 256;
    private const int LongestSecret = 4096;
    private const int LongestCertificates = 64 * 1024;

    public string Name { get; set; } = "";

    /// <summary>One of <see cref="CatalogueKind"/>.</summary>
    public string Kind { get; set; } = CatalogueKind.Url;

    public string Address { get; set; } = "";

    public string Branch { get; set; } = "";

    public string Folder { get; set; } = "";

    public string UserName { get; set; } = "";

    /// <summary>Empty leaves the one that is kept, while it is for the same server.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Of a repository: certificates in PEM that the server's must come from; empty for those that the host trusts.</summary>
    public string Certificates { get; set; } = "";

    /// <summary>
    /// Of a repository over ssh: keys of its server, one a line; empty leaves those that are kept, while it is the same server.
    /// </summary>
    public string HostKeys { get; set; } = "";

    /// <summary>Whether it is a repository over ssh: its login is a private key.</summary>
    public bool IsSsh => Kind == CatalogueKind.Git && GitAddress.Parse(Address) is { IsSsh: true };

    /// <summary>To whom the secret is given: it is good for nobody else.</summary>
    public string Server => ServerOf(Kind, Address);

    public static string ServerOf(string kind, string address) => kind == CatalogueKind.Git
        ? GitAddress.Parse(address)?.Server ?? ""
        : Uri.TryCreate(address, UriKind.Absolute, out var parsed) ? $"{parsed.Scheme}://{parsed.Authority}" : "";

    /// <summary>All that is wrong with it.</summary>
    public IEnumerable<string> Problems()
    {
        if (Name.Trim() is not { Length: > 0 and <= LongestName } name || name.Any(char.IsControl))
        {
            yield return E("A name has 1 to {0} characters.", LongestName);
        }

        if (Kind == CatalogueKind.Url)
        {
            if (Address.Length > GitAddress.Longest || !Uri.TryCreate(Address, UriKind.Absolute, out var address)
                || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0)
            {
                yield return N("An address looks like https://host/templates.json, and has no password in it.");
            }
        }
        else if (Kind != CatalogueKind.Git)
        {
            yield return N("A catalogue is at an address or in a Git repository.");
        }
        else if (GitAddress.Parse(Address) is null)
        {
            yield return GitAddress.Advice;
        }

        if (new GitReference(GitReference.Branch, Branch).Problem is { } branch)
        {
            yield return branch;
        }

        if (Folder.Length > LongestFolder || Folder.StartsWith('/') || Folder.Any(char.IsControl)
            || (Folder.Length > 0 && Folder.Split('/').Any(part => part is "" or "." or "..")))
        {
            yield return N("A folder is a way from the repository's root, such as stacks/templates.");
        }

        if (UserName.Length > LongestUser || UserName.Any(letter => letter == ':' || char.IsControl(letter))
            || (!IsSsh && (Secret.Length > LongestSecret || Secret.Any(char.IsControl))))
        {
            yield return N("A login has no control characters, and no colon in its name.");
        }

        if (Certificates.Length > LongestCertificates || HostKeys.Length > LongestCertificates)
        {
            yield return E("Certificates have up to {0:N0} characters.", LongestCertificates);
        }
    }
}
