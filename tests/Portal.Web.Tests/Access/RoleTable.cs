using Portal.Web.Access;

namespace Portal.Web.Tests.Access;

/// <summary>
/// What each built-in role allows, written down here once more: who changes a role must change this too, and sees what
/// they hand out. The letters are those of
/// Administrator, Operator, Deployer, dEveloper and Viewer.
/// </summary>
internal static class RoleTable
{
    public static readonly IReadOnlyDictionary<char, string> Roles = new Dictionary<char, string>
    {
        ['A'] = BuiltInRoles.Administrator,
        ['O'] = BuiltInRoles.Operator,
        ['D'] = BuiltInRoles.Deployer,
        ['E'] = BuiltInRoles.Developer,
        ['V'] = BuiltInRoles.Viewer,
    };

    public static readonly IReadOnlyDictionary<string, string> Permissions = new Dictionary<string, string>
    {
        ["nodes.view"] = "AODEV",
        ["nodes.manage"] = "AO---",
        ["nodes.drain"] = "AO---",
        ["nodes.shell"] = "A----",
        ["environments.manage"] = "AO---",
        ["deployments.approve"] = "AO---",
        ["deployments.override"] = "AO---",
        ["metrics.view"] = "AODEV",
        ["containers.view"] = "AODEV",
        ["containers.logs"] = "AODE-",
        ["containers.exec"] = "AODE-",
        ["containers.create"] = "AOD--",
        ["containers.start"] = "AODE-",
        ["containers.stop"] = "AODE-",
        ["containers.restart"] = "AODE-",
        ["containers.kill"] = "AOD--",
        ["containers.pause"] = "AOD--",
        ["containers.rename"] = "AOD--",
        ["containers.update"] = "AOD--",
        ["containers.remove"] = "AOD--",
        ["containers.files"] = "AODE-",
        ["containers.commit"] = "AOD--",
        ["containers.host_access"] = "AO---",
        ["containers.privileged"] = "AO---",
        ["containers.host_namespaces"] = "AO---",
        ["containers.host_paths"] = "AO---",
        ["containers.devices"] = "AO---",
        ["containers.capabilities"] = "AO---",
        ["consoles.view"] = "AO---",
        ["consoles.share"] = "AODE-",
        ["consoles.end"] = "AO---",
        ["consoles.replay"] = "AO---",
        ["consoles.manage"] = "A----",
        ["images.view"] = "AODEV",
        ["images.pull"] = "AOD--",
        ["images.load"] = "AOD--",
        ["images.build"] = "AOD--",
        ["images.push"] = "AOD--",
        ["images.save"] = "AOD--",
        ["images.tag"] = "AOD--",
        ["images.remove"] = "AO---",
        ["builds.view"] = "AODEV",
        ["registries.view"] = "AOD--",
        ["registries.manage"] = "AO---",
        ["networks.view"] = "AODEV",
        ["networks.create"] = "AOD--",
        ["networks.remove"] = "AOD--",
        ["networks.connect"] = "AOD--",
        ["volumes.view"] = "AODEV",
        ["volumes.create"] = "AOD--",
        ["volumes.remove"] = "AOD--",
        ["volumes.files"] = "AODE-",
        ["volumes.write_files"] = "AOD--",
        ["volumes.backup"] = "AOD--",
        ["volumes.restore"] = "AOD--",
        ["alerts.view"] = "AODEV",
        ["alerts.manage"] = "AO---",
        ["audit.view"] = "AO---",
        ["audit.export"] = "AO---",
        ["users.manage"] = "A----",
        ["users.invite"] = "A----",
        ["sessions.manage"] = "A----",
        ["teams.manage"] = "A----",
        ["roles.manage"] = "A----",
        ["templates.manage"] = "A----",
        ["backups.manage"] = "A----",
        ["policies.manage"] = "A----",
        ["policies.bypass"] = "A----",
        ["sign_in.manage"] = "A----",
        ["tokens.create"] = "AODE-",
        ["tokens.manage"] = "A----",
        ["service_accounts.manage"] = "A----",
        ["stacks.view"] = "AODEV",
        ["stacks.edit"] = "AOD--",
        ["hooks.view"] = "AODE-",
        ["hooks.edit"] = "AOD--",
        ["jobs.view"] = "AODE-",
        ["jobs.edit"] = "AOD--",
        ["stacks.deploy"] = "AOD--",
    };

    /// <summary>Whether a role, or nobody for null, has the permission.</summary>
    public static bool Has(string? role, string permission) =>
        role is not null && Permissions[permission].Any(letter => Roles.GetValueOrDefault(letter) == role);
}
