namespace Portal.Engine.Linux.Tests.Networks.Others;

/// <summary>Rules for forwarded packets as other programs write them, shortened to what concerns those.</summary>
internal static class Shapes
{
    /// <summary>Docker 20.10 to 28 with iptables.</summary>
    public const string Docker = """
        *filter
        :INPUT ACCEPT [0:0]
        :FORWARD DROP [0:0]
        :OUTPUT ACCEPT [0:0]
        :DOCKER - [0:0]
        :DOCKER-ISOLATION-STAGE-1 - [0:0]
        :DOCKER-ISOLATION-STAGE-2 - [0:0]
        :DOCKER-USER - [0:0]
        -A FORWARD -j DOCKER-USER
        -A FORWARD -j DOCKER-ISOLATION-STAGE-1
        -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A FORWARD -o docker0 -j DOCKER
        -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
        -A FORWARD -i docker0 -o docker0 -j ACCEPT
        -A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
        -A DOCKER-ISOLATION-STAGE-1 -j RETURN
        -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
        -A DOCKER-ISOLATION-STAGE-2 -j RETURN
        -A DOCKER-USER -j RETURN
        COMMIT

        """;

    /// <summary>ufw 0.36, enabled, as it comes.</summary>
    public const string Ufw = """
        *filter
        :INPUT DROP [0:0]
        :FORWARD DROP [0:0]
        :OUTPUT ACCEPT [0:0]
        :ufw-before-logging-forward - [0:0]
        :ufw-before-forward - [0:0]
        :ufw-user-forward - [0:0]
        :ufw-after-forward - [0:0]
        :ufw-after-logging-forward - [0:0]
        :ufw-reject-forward - [0:0]
        :ufw-track-forward - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A FORWARD -j ufw-before-logging-forward
        -A FORWARD -j ufw-before-forward
        -A FORWARD -j ufw-after-forward
        -A FORWARD -j ufw-after-logging-forward
        -A FORWARD -j ufw-reject-forward
        -A FORWARD -j ufw-track-forward
        -A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A ufw-before-forward -p icmp --icmp-type 3 -j ACCEPT
        -A ufw-before-forward -p icmp --icmp-type 8 -j ACCEPT
        -A ufw-before-forward -j ufw-user-forward
        -A ufw-after-logging-forward -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "
        COMMIT

        """;

    /// <summary>firewalld 1.x with nftables.</summary>
    /// <param name="zone">The rule that sends a bridge's packets to its zone.</param>
    public static string Firewalld(string zone) => $$"""
        table inet firewalld
        delete table inet firewalld
        table inet firewalld {
          chain filter_FORWARD {
            type filter hook forward priority filter + 10; policy accept;
            ct state { established, related } accept
            ct status dnat accept
            iifname "lo" accept
            ct state { invalid } drop
            jump filter_FORWARD_POLICIES
            reject with icmpx admin-prohibited
          }
          chain filter_FORWARD_POLICIES {
            {{zone}}
            iifname "up0" jump filter_FWD_public
            jump filter_FWD_public
            reject with icmpx admin-prohibited
          }
          chain filter_FWD_public {
            jump filter_FWD_public_allow
            reject with icmpx admin-prohibited
          }
          chain filter_FWD_public_allow {
            oifname "eth9" accept
          }
          chain filter_FWD_trusted {
            accept
          }
        }

        """;
}
