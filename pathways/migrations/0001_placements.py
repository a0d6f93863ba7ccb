import uuid

import django.core.validators
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import accounts.clock
import casework.references


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_authenticator'),
        ('referrals', '0002_worker_role'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Opportunity',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('course', 'Course'), ('apprenticeship', 'Apprenticeship'), ('job', 'Job'), ('taster', 'Taster'), ('volunteering', 'Volunteering'), ('internship', 'Supported internship'), ('re_engagement', 'Re-engagement'), ('ambassador', 'Ambassador role')], max_length=16, verbose_name='What kind is it?')),
                ('other_organisation', models.CharField(blank=True, db_collation='names', max_length=200, verbose_name='Name of the organisation')),
                ('title', models.CharField(max_length=120)),
                ('summary', models.TextField(max_length=1000, verbose_name='What is it?')),
                ('places', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)])),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('hours', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(60)], verbose_name='Hours a week')),
                ('pay', models.CharField(blank=True, max_length=120)),
                ('entry_needs', models.TextField(blank=True, max_length=1000, verbose_name='What somebody needs to get in')),
                ('convictions', models.CharField(choices=[('yes', 'Considered one by one'), ('some', 'Some rule people out'), ('no', 'They rule people out'), ('unasked', 'Not asked yet')], default='unasked', max_length=8)),
                ('accessibility', models.TextField(blank=True, max_length=500)),
                ('checked_on', models.DateField()),
                ('expires_on', models.DateField()),
                ('created_at', models.DateTimeField(default=accounts.clock.now, editable=False)),
                ('areas', models.ManyToManyField(related_name='+', to='accounts.area')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opportunities', to='accounts.organisation', verbose_name='Who offers it?')),
            ],
            options={
                'verbose_name_plural': 'opportunities',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(db_collation='C', default=casework.references.new, editable=False, max_length=7, unique=True)),
                ('owner_role', models.CharField(blank=True, editable=False, max_length=24)),
                ('due_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('entered_at', models.DateTimeField(default=accounts.clock.now, editable=False)),
                ('days_kept', models.PositiveSmallIntegerField(editable=False, help_text='Working days left on a clock that stands still meanwhile.', null=True)),
                ('escalation', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('head', models.CharField(default='', editable=False, max_length=64)),
                ('created_at', models.DateTimeField(default=accounts.clock.now, editable=False)),
                ('updated_at', models.DateTimeField(default=accounts.clock.now, editable=False)),
                ('status', django_fsm.FSMField(choices=[('applied', 'Applied'), ('offered', 'Offered'), ('accepted', 'Start agreed'), ('started', 'Started'), ('completed', 'Completed'), ('left_early', 'Left early'), ('onward', 'Moved on'), ('ended', 'Followed to the end'), ('declined', 'Not offered'), ('withdrawn', 'Application withdrawn'), ('refused', 'Offer refused'), ('fell_through', 'Did not start')], default='applied', max_length=20, protected=True)),
                ('agreed_on', models.DateField(verbose_name='When did they agree that we share their details?')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='First day')),
                ('started_on', models.DateField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, choices=[('full', 'The places were gone'), ('requirements', 'They lacked an entry need'), ('convictions', 'Because of convictions'), ('interview', 'After the interview'), ('no_answer', 'No answer came'), ('closed', 'It was called off or closed'), ('dismissed', 'They were asked to leave'), ('other_place', 'They have another place'), ('not_for_them', 'It is not what they want'), ('travel', 'Travel'), ('money', 'Money'), ('health', 'Health'), ('caring', 'Caring or family'), ('safety', 'They did not feel safe'), ('custody', 'Custody'), ('not_reached', 'We could not reach them'), ('other', 'Another reason')], max_length=16)),
                ('is_contacted', models.BooleanField(default=False, editable=False)),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.area')),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='pathways.opportunity')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='referrals.referral')),
            ],
            options={
                'verbose_name': 'placement',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='EteStatus',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('change', 'This is new'), ('confirmed', 'It is still so'), ('correction', 'What we had was wrong')], max_length=12)),
                ('code', models.CharField(choices=[('Of compulsory school age', [('110', 'Registered at a school or other establishment'), ('120', 'Educated at home'), ('130', 'Custodial sentence (compulsory age)'), ('140', 'Not registered at a school or other establishment'), ('150', 'Situation not known (compulsory age)')]), ('In education', [('210', 'Full-time: school sixth form'), ('220', 'Full-time: sixth form college'), ('230', 'Full-time: further education'), ('240', 'Full-time: higher education'), ('250', 'Part-time education'), ('260', 'Gap year'), ('270', 'Full-time: other'), ('280', 'Independent specialist provider'), ('290', 'Custodial institution (juvenile)')]), ('In work', [('310', 'Apprenticeship'), ('320', 'Full-time employment with study (regulated qualification)'), ('330', 'Employment without training'), ('340', 'Employment with training (other)'), ('350', 'Temporary employment'), ('360', 'Part-time employment'), ('380', 'Self-employment'), ('381', 'Self-employment combined with study (regulated qualification)'), ('550', 'Working not for reward combined with part-time study')]), ('In training', [('410', 'Funded work-based learning'), ('430', 'Other training'), ('440', 'DWP training and support programme (renamed 2020-21)'), ('450', 'Traineeship'), ('460', 'Supported internship'), ('530', 'Re-engagement provision')]), ('Not in education, training or work; looking', [('540', 'Working not for reward'), ('610', 'Not yet ready for work or learning'), ('615', 'Start date agreed (other)'), ('616', 'Start date agreed (RPA compliant)'), ('619', 'Seeking employment, education or training')]), ('Not in education, training or work; cannot look now', [('620', 'Young carer'), ('630', 'Teenage parent'), ('640', 'Illness'), ('650', 'Pregnancy'), ('660', 'Religious grounds'), ('670', 'Currently unlikely to be economically active'), ('680', 'Other reason')]), ('Custody or asylum', [('710', 'Custody (young adult)'), ('720', 'Refugee / asylum seeker')]), ('Not known', [('810', 'Current situation not known'), ('820', 'Cannot be contacted')])], max_length=3, verbose_name='What do they do?')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='Since when?')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Until when, if that is known?')),
                ('hours', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(80)], verbose_name='Hours a week')),
                ('evidence', models.CharField(choices=[('third_party', 'The employer or provider told us'), ('document', 'We saw a document'), ('self_declared', 'The young person says so'), ('worker', 'A worker thinks so')], max_length=16, verbose_name='How do we know?')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='Who or what says so?')),
                ('verified_on', models.DateField(verbose_name='When was this confirmed?')),
                ('recorded_at', models.DateTimeField(default=accounts.clock.now, editable=False)),
                ('lapses_on', models.DateField(editable=False, null=True)),
                ('lapsed_at', models.DateTimeField(editable=False, null=True)),
                ('is_current', models.BooleanField(default=True, editable=False)),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ete_statuses', to='referrals.referral')),
                ('verified_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('young_person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ete_statuses', to='referrals.youngperson')),
                ('placement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='ete_statuses', to='pathways.placement')),
            ],
            options={
                'verbose_name': 'education, training or work status',
                'ordering': ['-recorded_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SustainmentCheck',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('point', models.PositiveSmallIntegerField(choices=[(4, '4 weeks'), (13, '13 weeks'), (26, '26 weeks')])),
                ('counted_from', models.DateField()),
                ('due_on', models.DateField()),
                ('status', models.CharField(choices=[('due', 'To be asked'), ('achieved', 'Still there'), ('not_achieved', 'Not there any more'), ('broken', 'Left for over 28 days'), ('unable_to_contact', 'Could not be reached')], default='due', max_length=20)),
                ('evidence', models.CharField(blank=True, choices=[('third_party', 'The employer or provider told us'), ('document', 'We saw a document'), ('self_declared', 'The young person says so'), ('worker', 'A worker thinks so')], max_length=16)),
                ('asked_on', models.DateField(blank=True, null=True)),
                ('note', models.TextField(blank=True, max_length=1000)),
                ('answered_at', models.DateTimeField(null=True)),
                ('why_corrected', models.CharField(blank=True, max_length=300)),
                ('is_current', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(default=accounts.clock.now)),
                ('answered_by', models.ForeignKey(help_text='Nobody: the break was over 28 days long.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('corrects', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='corrected_by', to='pathways.sustainmentcheck')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='pathways.placement')),
            ],
            options={
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(fields=['expires_on'], name='opportunity_expires'),
        ),
        migrations.AddConstraint(
            model_name='opportunity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('other_organisation', '')), models.Q(('organisation__isnull', True), models.Q(('other_organisation', ''), _negated=True)), _connector='OR'), name='opportunity_one_organisation', violation_error_message='Choose who offers it, or give its name if it is not on the list.'),
        ),
        migrations.AddConstraint(
            model_name='opportunity',
            constraint=models.CheckConstraint(condition=models.Q(('places__gte', 1)), name='opportunity_has_a_place', violation_error_message='An opportunity has at least one place.'),
        ),
        migrations.AddConstraint(
            model_name='opportunity',
            constraint=models.CheckConstraint(condition=models.Q(('expires_on__gte', models.F('checked_on'))), name='opportunity_expires_after_it_is_checked', violation_error_message='The last day cannot be before the day it was checked.'),
        ),
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(fields=['area', 'status', 'created_at', 'id'], name='placement_queue'),
        ),
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(condition=models.Q(('owner__isnull', False)), fields=['owner', 'due_at'], name='placement_owner_open'),
        ),
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(condition=models.Q(('status__in', ['offered', 'accepted', 'started'])), fields=['opportunity'], name='placement_holding'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['applied', 'offered', 'accepted', 'started'])), fields=('referral', 'opportunity'), name='placement_once', violation_error_message='There is an open placement for them there already.'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['started', 'onward', 'completed', 'left_early']), _negated=True), ('started_on__isnull', False), _connector='OR'), name='placement_in_place_has_started', violation_error_message='Say when they started.'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['completed', 'left_early', 'onward']), _negated=True), ('ended_on__isnull', False), _connector='OR'), name='placement_left_has_ended', violation_error_message='Say when it ended.'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('started_on__isnull', True), ('ended_on__gte', models.F('started_on')), _connector='OR'), name='placement_ends_after_it_started', violation_error_message='It cannot end before it started.'),
        ),
        migrations.AddIndex(
            model_name='etestatus',
            index=models.Index(condition=models.Q(('is_current', True)), fields=['lapses_on'], name='ete_status_lapses'),
        ),
        migrations.AddConstraint(
            model_name='etestatus',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('young_person',), name='ete_status_one_current', violation_error_message='Somebody else has just recorded this. Look again.'),
        ),
        migrations.AddConstraint(
            model_name='etestatus',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('verified_on__gte', models.F('starts_on')), _connector='OR'), name='ete_status_confirmed_after_it_began', violation_error_message='It cannot be confirmed before it began.'),
        ),
        migrations.AddConstraint(
            model_name='etestatus',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='ete_status_ends_after_it_began', violation_error_message='It cannot end before it began.'),
        ),
        migrations.AddIndex(
            model_name='sustainmentcheck',
            index=models.Index(condition=models.Q(('status', 'due')), fields=['due_on'], name='check_due'),
        ),
        migrations.AddConstraint(
            model_name='sustainmentcheck',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('placement', 'point'), name='check_once', violation_error_message='This check is there already.'),
        ),
        migrations.AddConstraint(
            model_name='sustainmentcheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('status', 'due')), models.Q(('answered_at__isnull', False), ('status', 'broken')), models.Q(models.Q(('status__in', ['due', 'broken']), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='check_answer_at', violation_error_message='An answer has a person and a time.'),
        ),
        migrations.AddConstraint(
            model_name='sustainmentcheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'achieved'), _negated=True), models.Q(('evidence', ''), _negated=True), _connector='OR'), name='check_achieved_has_evidence', violation_error_message='Say how we know that they are still there.'),
        ),
        migrations.AddConstraint(
            model_name='sustainmentcheck',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('counted_from'))), name='check_due_after_start', violation_error_message='A check is due after the start.'),
        ),
    ]
