namespace Portal.Data.Entities.Templates;

/// <summary>A catalogue of templates that somebody added: where it is, and what it had when it was last read.</summary>
public sealed class TemplateSource
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary><c>url</c> or <c>git</c>.</summary>
    public string Kind { get; set; } = "";

    public string Address { get; set; } = "";

    /// <summary>Of a repository: a branch; empty for the default one.</summary>
    public string Branch { get; set; } = "";

    /// <summary>Of a repository: the folder whose files are looked at; empty for all.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Of a repository: who logs in; empty for servers that ask for a token alone.</summary>
    public string UserName { get; set; } = "";

    /// <summary>A password or token, encrypted; empty for none.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Of a repository: certificates in PEM that the server's must come from; empty for those that the host trusts.</summary>
    public string Certificates { get; set; } = "";

    /// <summary>Of a repository over ssh: its server's keys as <c>TYPE BASE64</c>, one a line.</summary>
    public string HostKeys { get; set; } = "";

    /// <summary>JSON: the templates as they were when it could last be read.</summary>
    public string Templates { get; set; } = "[]";

    /// <summary>JSON: what was left out then.</summary>
    public string Notes { get; set; } = "[]";

    /// <summary>When it could last be read; null for never.</summary>
    public DateTimeOffset? ReadAt { get; set; }

    /// <summary>Why the newest look failed; empty when it did not.</summary>
    public string Error { get; set; } = "";

    /// <summary>How many looks failed one after another.</summary>
    public int Failures { get; set; }

    /// <summary>When it is looked at again.</summary>
    public DateTimeOffset NextAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}
