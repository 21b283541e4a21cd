using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>
/// Sets the domain name of a container with ids of its own. Others have it by the sysctl <c>kernel.domainname</c>, which only the
/// host's root may write, and the runtime is no longer that when it comes to it.
/// </summary>
internal static partial class DomainName
{
    private const int UtsNamespace = 0x04000000;

    /// <summary>True when it can't be a sysctl.</summary>
    public static bool IsSetFromOutside(RuntimeContainer container) =>
        container.Ids is not null && container.Domainname.Length > 0 && container.Uts.Kind != NamespaceKind.Host;

    /// <summary>Sets it, where that is to be done from outside.</summary>
    /// <param name="container">The container; its program does not run yet.</param>
    /// <param name="processId">Its process.</param>
    public static void Set(RuntimeContainer container, int processId)
    {
        if (!IsSetFromOutside(container))
        {
            return;
        }

        var path = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/ns/uts";
        var name = Encoding.UTF8.GetBytes(container.Domainname);
        NamespaceThread.RunAlone(() =>
        {
            using var space = NamespaceCalls.Open(path);
            return Native.SetNs(space.DangerousGetHandle(), UtsNamespace) == 0 && Native.SetDomainName(name, (nuint)name.Length) == 0
                ? true
                : throw FileCalls.Failure($"set the domain name {container.Domainname} in", path);
        });
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
        public static partial int SetNs(nint space, int type);

        [LibraryImport("libc", EntryPoint = "setdomainname", SetLastError = true)]
        public static partial int SetDomainName(byte[] name, nuint length);
    }
}
